import GRDB
import MUC
import XMPP

/// One thing to be written. Whatever has gathered while the last transaction ran is written in the next one.
enum ArchiveWrite: Sendable {
    /// Boxed: it changes hands several times on its way.
    indirect case message(ArchivedMessage)
    case room(RoomState)
    case change(RoomChange, room: String)
    case moderation(ModerationRecord)
    case pruning(Pruning)
}

extension ArchiveWrite {
    /// Bytes that it adds to SQLite's log, roughly.
    var weight: Int {
        switch self {
        // Large ones are rare enough to be left to the next estimate.
        case .message: 1_024
        case .room, .change, .moderation: 8 * 1_024
        case .pruning: 1_024 * 1_024
        }
    }

    /// What a transaction has learnt: the rows of rooms, and how far the index has come.
    struct Notes {
        var index: MessageIndex.Progress
        /// How many acts of moderators are kept.
        let acts: Int
        var rows: [String: Int64] = [:]

        mutating func row(of localpart: String, in database: Database) throws -> Int64 {
            if let row = rows[localpart] { return row }
            let row = try RoomRecord.row(of: localpart, in: database)
            rows[localpart] = row
            return row
        }
    }

    func write(into database: Database, _ notes: inout Notes) throws {
        switch self {
        case .message(let message):
            let room = try notes.row(of: message.room, in: database)
            try MessageRecord.insert(message, room: room, into: database, &notes.index)
            if message.kind == .subject {
                try RoomRecord.save(subject: message.rememberedSubject, room: room, into: database)
            }
        case .room(let state): notes.rows[state.localpart] = try RoomRecord.save(state, into: database)
        case .change(let change, let localpart): try write(change, localpart, into: database, &notes)
        case .moderation(let record): try ModerationRows.write(record, acts: notes.acts, into: database)
        case .pruning(let pruning): try pruning.run(in: database, &notes.index)
        }
    }

    private func write(
        _ change: RoomChange, _ localpart: String, into database: Database, _ notes: inout Notes
    ) throws {
        if change == .destroyed {
            notes.rows[localpart] = nil
            // Its messages go in small steps (`Pruning`), and a new room may take its place at once.
            return try database.execute(
                sql: "UPDATE rooms SET localpart = NULL, name = '', url = NULL, subject = NULL WHERE localpart = ?",
                arguments: [localpart])
        }
        let room = try notes.row(of: localpart, in: database)
        switch change {
        case .configuration(let configuration): try RoomRecord.save(configuration, room: room, into: database)
        case .affiliation(let person, let entry):
            try RoomRecord.save(entry, of: person, room: room, into: database)
        case .subject(let subject): try RoomRecord.save(subject: subject, room: room, into: database)
        case .retraction(let id, let author, let tombstone):
            guard let id = StanzaID(id) else { return }
            try Self.retract(id, author, tombstone, room: room, localpart, in: database)
        case .destroyed: break
        }
    }

    /// Replaces a message by what is left of it: id, time and sender stay (XEP-0313 §3.2, XEP-0424 §5).
    ///
    /// - Parameter author: The occupant id that the message must carry; nil when a moderator retracts.
    private static func retract(
        _ id: StanzaID, _ author: String?, _ tombstone: Tombstone, room: Int64, _ localpart: String,
        in database: Database
    ) throws {
        let row = try Row.fetchOne(
            database, sql: "SELECT \(MessageRecord.columns) FROM messages WHERE id = ? AND room = ?",
            arguments: [Int64(id.value), room])
        guard let row else { return }
        let message = MessageRecord.read(row, room: localpart, StanzaText.Reader())
        guard author == nil || author == message.occupantID else { return }
        try database.execute(
            sql: "UPDATE messages SET kind = ?, stanza = ? WHERE id = ?",
            arguments: [
                ArchivedMessage.Kind.tombstone.rawValue, StanzaText.write(tombstone.replacing(message.stanza)),
                Int64(id.value),
            ])
    }
}
