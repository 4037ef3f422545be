import Foundation
import Synchronization
import XMPP

@testable import Archive
@testable import MUC

/// An archive in a directory of its own, and what it reports.
final class Scratch: Sendable {
    let directory: String
    private let reports = Mutex<[Archive.Report]>([])

    init() {
        directory = NSTemporaryDirectory() + "samepage-archive-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { directory + "/samepage.db" }

    func open(_ retention: Retention = Retention(), history: Int = 50, acts: Int = 5_000) throws -> Archive {
        let settings = Archive.Settings(directory: directory, retention: retention, history: history, acts: acts)
        return try Archive(settings) { [self] report in
            reports.withLock { $0.append(report) }
        }
    }

    /// What `pick` makes of the first report that it accepts; that report and those before it are gone.
    func wait<Value>(_ pick: (Archive.Report) -> Value?) throws -> Value {
        let deadline = Date().addingTimeInterval(60)
        while Date() < deadline {
            let found: Value? = reports.withLock { reports in
                for (index, report) in reports.enumerated() {
                    guard let value = pick(report) else { continue }
                    reports.removeFirst(index + 1)
                    return value
                }
                return nil
            }
            if let found { return found }
            usleep(1_000)
        }
        throw Missing()
    }

    struct Missing: Error {}

    /// Waits until all that was to be written is written; whether it was kept.
    func settle(_ archive: Archive) throws -> Bool {
        archive.reach()
        var isKept = true
        try wait { report in
            if case .stored(_, false) = report { isKept = false }
            if case .saved(_, false) = report { isKept = false }
            if case .reached = report { return () }
            return nil
        }
        return isKept
    }

    func load(_ room: String, from archive: Archive) throws -> StoredRoom? {
        archive.perform(.load(room: room))
        return try wait { report in
            if case .loaded(room, let result) = report { return result }
            return nil
        }.get()
    }

    func find(_ query: ArchiveQuery, in archive: Archive) throws -> ArchiveAnswer {
        archive.perform(.find(query, ArchiveTicket(number: 1)))
        return try wait { if case .found(let answer, _) = $0 { answer } else { nil } }
    }

    func prune(_ archive: Archive, now: Int64) throws {
        archive.prune(now: now)
        try wait { if case .pruned = $0 { () } else { nil } }
    }
}

/// Messages whose ids are as if one came each second.
enum Samples {
    static let start: Int64 = 1_795_363_200_000

    static func id(_ number: Int) -> StanzaID { StanzaID(earliestAt: start + Int64(number) * 1_000) }

    static func message(
        _ number: Int, room: String = "balcony", nick: String = "Romeo", kind: ArchivedMessage.Kind = .spoken,
        _ payload: [Element]? = nil
    ) -> ArchivedMessage {
        let body = Element("body", Namespace.client, text: "line \(number) <&> \u{1F339}")
        let from = JID("\(room)@rooms.verona.example/\(nick)")
        return ArchivedMessage(
            id: id(number), room: room, time: start + Int64(number) * 1_000, kind: kind, nick: nick,
            occupantID: "id-of-\(nick)", person: JID("\(nick.lowercased())@verona.example"),
            stanza: Stanza(.message, type: "groupchat", id: "m\(number)", from: from, payload ?? [body]))
    }

    static func state(_ room: String = "balcony", name: String = "The balcony") -> RoomState {
        var configuration = RoomConfiguration(name: name)
        configuration.isPersistent = true
        configuration.pageURL = "https://verona.example/balcony"
        return RoomState(localpart: room, configuration: configuration)
    }
}
