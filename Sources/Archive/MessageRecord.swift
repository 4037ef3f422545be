import GRDB
import MUC
import XMPP

/// Rows of `messages`.
enum MessageRecord {
    static let columns = "id, time, kind, nick, occupant, person, stanza"

    static func insert(
        _ message: ArchivedMessage, room: Int64, into database: Database, _ index: inout MessageIndex.Progress
    ) throws {
        let id = Int64(message.id.value)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO messages (room, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        statement.bind(room, at: 1)
        statement.bind(id, at: 2)
        statement.bind(message.time, at: 3)
        statement.bind(Int64(message.kind.rawValue), at: 4)
        try run(
            statement, in: database, message.nick, message.occupantID, message.person?.description,
            StanzaText.bytes(message.stanza))
        guard id <= index.last else {
            index.waiting += 1
            return
        }
        try MessageIndex.insert(id, room: room, nick: message.nick, occupant: message.occupantID, into: database)
        try RoomRecord.add(
            messages: 1, lastSpoken: message.kind == .spoken ? message.time : nil, to: room, in: database)
    }

    private static func run(
        _ statement: Statement, in database: Database, _ nick: String, _ occupantID: String, _ person: String?,
        _ stanza: [UInt8]
    ) throws {
        var (nick, occupantID, address) = (nick, occupantID, person ?? "")
        try nick.withUTF8 { nick in
            try occupantID.withUTF8 { occupantID in
                try address.withUTF8 { address in
                    try stanza.withUnsafeBufferPointer { stanza in
                        statement.bind(nick, at: 5)
                        statement.bind(occupantID, at: 6)
                        statement.bind(person == nil ? nil : address, at: 7)
                        statement.bind(stanza, at: 8)
                        try statement.run(in: database)
                    }
                }
            }
        }
    }

    /// A row of `columns`.
    static func read(_ row: Row, room: String, _ reader: StanzaText.Reader) -> ArchivedMessage {
        let id: Int64 = row[0]
        let kind: Int = row[2]
        let person: String? = row[5]
        return ArchivedMessage(
            id: StanzaID(UInt64(clamping: id)), room: room, time: row[1], kind: .init(rawValue: kind) ?? .reference,
            nick: row[3], occupantID: row[4], person: person.flatMap(JID.init),
            // One message that cannot be read must not hide the others.
            stanza: reader.read(row[6]) ?? Stanza(.message, type: "groupchat"))
    }
}
