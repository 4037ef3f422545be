import Foundation
import GRDB
import MUC
import XMPP

/// What was said in a room, as a file for people and programs. Read while a server may be running.
package struct ArchiveExport {
    package enum Format: String, CaseIterable, Sendable {
        /// One JSON object a line.
        case jsonl
        /// RFC 4287.
        case atom
    }

    private let queue: DatabaseQueue

    /// - Parameter directory: The data directory.
    package init(directory: String) throws(ArchiveFailure) {
        queue = try ArchiveDatabase.openToRead(directory + "/" + ArchiveDatabase.fileName)
    }

    /// Hands out the whole file, piece by piece, oldest message first.
    ///
    /// - Parameters:
    ///   - room: The bare JID.
    ///   - showsAddresses: Whether the senders' real addresses are told, which most of them have shown to moderators alone.
    ///     In JSON only.
    /// - Returns: False when the archive has no such room.
    package func write(
        _ room: JID, as format: Format, showsAddresses: Bool = false, _ write: (String) throws -> Void
    ) throws(ArchiveFailure) -> Bool {
        guard let localpart = room.localpart else { return false }
        do {
            return try queue.read { database in
                let reader = StanzaText.Reader()
                guard let row = try RoomRecord.find(localpart, in: database),
                    let state = try RoomRecord.state(localpart, in: database, reader)
                else { return false }
                let all = MessageSelection(room: row)
                let rows = try Row.fetchCursor(database, sql: "\(all.sql) ORDER BY id", arguments: all.arguments)
                let feed = AtomFeed(room: room, state: state)
                if format == .atom { try write(feed.beginning) }
                while let row = try rows.next() {
                    let message = MessageRecord.read(row, room: localpart, reader)
                    switch format {
                    case .jsonl: try write(try ExportedMessage(message, showsAddress: showsAddresses).line)
                    case .atom: if let entry = feed.entry(message) { try write(entry) }
                    }
                }
                if format == .atom { try write(feed.end) }
                return true
            }
        } catch {
            throw ArchiveFailure("export the room \(room)", error)
        }
    }
}
