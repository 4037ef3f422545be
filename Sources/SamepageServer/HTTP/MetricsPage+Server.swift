import EventLoop
import Foundation
import MUC
import XMPP

/// What is told. Labels come from the configuration and from the program, never from visitors: their number is bounded, and no page,
/// address or name is among them. docs/operations.md has the list.
extension MetricsPage {
    @EventLoop
    mutating func describe(_ server: Server) {
        people(server)
        traffic(server)
        refusals(server)
        links(server.router)
        archive(server.archive)
        if let meter = EventLoop.meter { turns(meter) }
        process()
    }

    @EventLoop
    private mutating func people(_ server: Server) {
        single("samepage_connections", .gauge, "Open sockets of all kinds.", Connection.open)
        family("samepage_sessions", .gauge, "XMPP sessions by what carries them; detached ones wait for their client.")
        sample(["transport": "websocket"], server.webSocketCount)
        sample(["transport": "bosh"], server.bosh.count)
        sample(["transport": "detached"], server.resumables.detached)
        single("samepage_bound_sessions", .gauge, "Sessions with an address.", server.visitors.count)
        let remote = server.router.remoteRooms.census
        family("samepage_rooms", .gauge, "Rooms in memory, ours or on another service.")
        sample(["service": "hosted"], server.rooms.roomCount)
        sample(["service": "remote"], remote.rooms)
        single("samepage_occupied_rooms", .gauge, "Hosted rooms with occupants.", server.rooms.occupiedRoomCount)
        family(
            "samepage_occupants", .gauge,
            "Sessions in rooms; one that is in two rooms of a remote service counts twice.")
        sample(["service": "hosted"], server.rooms.sessionCount)
        sample(["service": "remote"], remote.occupants)
    }

    @EventLoop
    private mutating func traffic(_ server: Server) {
        let metrics = server.metrics
        single("samepage_received_stanzas_total", .counter, "Stanzas of visitors that were routed.", metrics.stanzas)
        single("samepage_deliveries_total", .counter, "Stanzas written to visitors.", metrics.deliveries)
        single("samepage_received_bytes_total", .counter, "Bytes from all sockets.", Connection.receivedBytes)
        single("samepage_sent_bytes_total", .counter, "Bytes to all sockets.", Connection.sentBytes)
        single("samepage_http_requests_total", .counter, "HTTP requests, upgrades and BOSH included.", metrics.requests)
        single("samepage_sessions_total", .counter, "Sessions that were bound.", metrics.sessions)
        single("samepage_resumed_sessions_total", .counter, "Sessions that were resumed.", metrics.resumedSessions)
        single(
            "samepage_expired_sessions_total", .counter, "Sessions whose client did not come back.",
            metrics.expiredSessions)
    }

    @EventLoop
    private mutating func refusals(_ server: Server) {
        let metrics = server.metrics
        let counters = server.router.counters
        family("samepage_refused_total", .counter, "What was refused, by what it was and why.")
        sample(["reason": "bad_request"], metrics.refusedRequests)
        sample(["reason": "bad_frame"], metrics.refusedFrames)
        sample(["reason": "too_many_sessions"], metrics.refusedSessions)
        sample(["reason": "not_resumable"], metrics.refusedResumptions)
        sample(["reason": "visitor_rate"], metrics.limitedStanzas)
        sample(["reason": "network_rate"], counters.limited)
        sample(["reason": "link_refused"], counters.refused)
        sample(["reason": "link_misaddressed"], counters.misaddressed)
        sample(["reason": "link_forged"], counters.forged)
        sample(["reason": "link_unreadable"], counters.unreadable)
    }

    @EventLoop
    private mutating func links(_ router: Router) {
        guard !router.links.isEmpty else { return }
        family("samepage_link_up", .gauge, "Whether the link to the XMPP server is up.")
        for link in router.links.values.sorted(by: { $0.domain.description < $1.domain.description }) {
            sample(
                ["domain": link.domain.description, "serves": link.serves.rawValue],
                link.status.state == .up ? 1 : 0)
        }
    }

    @EventLoop
    private mutating func archive(_ archive: ArchiveKeeper?) {
        guard let archive else { return }
        single("samepage_archive_up", .gauge, "Whether messages can be written.", archive.failure == nil ? 1 : 0)
        single("samepage_archive_queue", .gauge, "Requests that wait for the archive.", archive.backlog)
    }

    private mutating func turns(_ meter: LoopMeter) {
        family("samepage_loop_turn_seconds", .histogram, "How long a turn of the event loop took, without waiting.")
        var count: UInt64 = 0
        for (bound, turns) in zip(LoopMeter.bounds, meter.counts) {
            count &+= turns
            sample(["le": "\(Double(bound) / 1e9)"], suffix: "_bucket", count)
        }
        count &+= meter.counts.last ?? 0
        sample(["le": "+Inf"], suffix: "_bucket", count)
        sample([:], suffix: "_sum", Double(meter.total) / 1e9)
        sample([:], suffix: "_count", count)
    }

    /// By the names that Prometheus' own clients use.
    private mutating func process() {
        var time = timespec()
        if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
            single(
                "process_cpu_seconds_total", .counter, "User and system time of the process.",
                Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
        }
        // The second number is the resident set, in pages.
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        if fields.count > 1, let pages = Int(fields[1]) {
            single(
                "process_resident_memory_bytes", .gauge, "Resident memory of the process.",
                pages.multipliedReportingOverflow(by: Int(getpagesize())).partialValue)
        }
    }
}
