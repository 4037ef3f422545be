import ArgumentParser
import EventLoop
import Foundation
import SamepageServer

/// `samepage status`: how a running server and its links are doing, as its `/readyz` tells on the same machine.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Print how a running server and its links to XMPP servers are doing.",
        discussion: "Exits with 0 when everything is up, with 1 when something is not, with 69 when nothing answers.")

    @Option(help: "Where the server listens.")
    var url = "http://localhost:8080"

    func run() throws {
        guard let address = URL(string: url), address.scheme == "http" || address.scheme == "https",
            let host = address.host, !host.isEmpty
        else { throw ValidationError("--url must be http:// or https:// with a host") }
        let report: ReadinessReport
        do {
            report = try JSONDecoder().decode(ReadinessReport.self, from: Data(try fetch(address, host)))
        } catch {
            printError("error: no samepage answers at \(url): \(error)")
            throw ExitCode(69)  // EX_UNAVAILABLE of sysexits.h
        }
        describe(report)
        if !report.ready { throw ExitCode.failure }
    }

    private func describe(_ report: ReadinessReport) {
        let state = report.ready ? "ready" : "not ready" + (report.because.map { ": \($0)" } ?? "")
        print("server    \(report.version.map { "samepage \($0), " } ?? "")\(state)")
        if let sessions = report.sessions { print("sessions  \(sessions)") }
        if let rooms = report.rooms { print("rooms     \(rooms), \(report.occupiedRooms ?? 0) with somebody inside") }
        if let archive = report.archive {
            let since = archive.since.map { " since \($0)" } ?? ""
            print("archive   \(archive.state)\(since)\(archive.reason.map { ": \($0)" } ?? "")")
        }
        for link in report.links {
            let since = link.since.map { " since \($0)" } ?? ""
            let reason = link.reason.map { ": \($0)" } ?? ""
            print("link      \(link.domain) (\(link.serves)) \(link.state)\(since)\(reason)")
        }
    }

    private func fetch(_ url: URL, _ host: String) throws -> [UInt8] {
        // An address in brackets is one of IPv6 (RFC 3986 §3.2.2).
        let host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        var fetch: StatusFetch?
        EventLoop.run { fetch = StatusFetch(url, host: host, path: "/readyz") }
        let (body, failure) = EventLoop.assumeIsolated { (fetch?.body ?? [], fetch?.failure) }
        if let failure { throw failure }
        return body
    }
}
