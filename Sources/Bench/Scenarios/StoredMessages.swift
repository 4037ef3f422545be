import Archive
import Dispatch
import MUC
import XMPP

/// An archive as years of talk leave it, written by the server's own code.
enum StoredMessages {
    private static let rooms = 100
    /// What is handed over at once.
    private static let portion = 10_000
    /// How far apart messages are, in milliseconds.
    private static let pause: Int64 = 1_000

    static func write(_ count: Int, to directory: String) throws(BenchFailure) {
        let reached = DispatchSemaphore(value: 0)
        let archive: Archive
        do throws(ArchiveFailure) {
            archive = try Archive(.init(directory: directory)) { report in
                if case .reached = report { reached.signal() }
            }
        } catch {
            throw BenchFailure("\(error)")
        }
        defer { archive.close() }
        for room in 0..<rooms {
            var configuration = RoomConfiguration(name: "Room \(room)")
            configuration.isPersistent = true
            archive.perform(.save(RoomState(localpart: "room\(room)", configuration: configuration)))
        }
        // Of the past: a clock that stands behind its archive is another thing.
        let start: Int64 = 1_700_000_000_000
        var written = 0
        while written < count {
            for number in written..<min(written + portion, count) {
                archive.perform(.store(message(number, time: start + Int64(number) * pause)))
            }
            written += portion
            archive.reach()
            guard reached.wait(timeout: .now() + 60) == .success else {
                throw BenchFailure("the archive does not write \(portion) messages within a minute")
            }
            try Interruption.check()
        }
    }

    private static func message(_ number: Int, time: Int64) -> ArchivedMessage {
        let room = "room\(number % rooms)"
        let nick = "n\(number % 37)"
        let id = StanzaID(earliestAt: time)
        let text = Element("body", Namespace.client, text: "\(number) \(Client.words)")
        let stanza = Stanza(
            .message, type: "groupchat", id: "m\(number)", from: JID("\(room)@rooms.localhost/\(nick)"), [text])
        return ArchivedMessage(
            id: id, room: room, time: time, kind: .spoken, nick: nick, occupantID: "occupant-\(nick)",
            person: JID("\(nick)@localhost"), stanza: stanza)
    }
}
