import EventLoop
import MUC
import WebWire
import XMPP

/// `GET /readyz`: 200 when everything is up, else 503; the body says which link is not, or
/// that the archive is not.
///
/// Everybody may know whether they are up. Why it is not, and how many people are here, is told on this machine only:
/// to a peer on loopback that no proxy stands in front of.
@EventLoop
struct Readiness {
    let server: Server

    func answer(_ request: HTTPRequest, peer: String) -> HTTPResponse {
        let isLocal =
            IPAddress(peer)?.isLoopback == true && !request.headers.contains("X-Forwarded-For")
            && !request.headers.contains("Forwarded")
        let links = server.router.links.values.sorted { $0.domain.description < $1.domain.description }
        let isReady =
            !server.isStopping && server.archive?.failure == nil && links.allSatisfy { $0.status.state == .up }
        var answer = ReadinessReport(
            ready: isReady, because: server.isStopping ? "shutting down" : nil,
            links: links.map { describe($0, isLocal: isLocal) },
            archive: server.archive.map { describe($0, isLocal: isLocal) })
        if isLocal {
            answer.version = Server.version
            answer.sessions = server.visitors.count
            answer.rooms = server.rooms.roomCount
            answer.occupiedRooms = server.rooms.occupiedRoomCount
        }
        return HTTPResponse(
            status: isReady ? .ok : .serviceUnavailable,
            headers: ["Content-Type": "application/json", "Cache-Control": "no-store"], body: JSON.encode(answer))
    }

    private func describe(_ archive: ArchiveKeeper, isLocal: Bool) -> ReadinessReport.Archive {
        var answer = ReadinessReport.Archive(state: archive.failure == nil ? "up" : "failing")
        if isLocal {
            answer.since = DateTime.string(milliseconds: archive.since)
            answer.reason = archive.failure
        }
        return answer
    }

    private func describe(_ link: any Link, isLocal: Bool) -> ReadinessReport.Link {
        let status = link.status
        var answer = ReadinessReport.Link(
            domain: link.domain.description, serves: link.serves.rawValue, state: status.state.rawValue)
        if isLocal {
            answer.since = DateTime.string(milliseconds: status.since)
            answer.failure = status.failure?.code
            answer.reason = status.failure?.description
        }
        return answer
    }
}
