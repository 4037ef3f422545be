import GRDB
import MUC
import XMPP

/// Reading rooms and messages.
struct ArchiveSearch {
    let database: Database
    let reader: StanzaText.Reader

    /// A room with its last `history` messages; nil when there is none.
    func room(_ localpart: String, history: Int) throws -> StoredRoom? {
        guard let state = try RoomRecord.state(localpart, in: database, reader) else { return nil }
        guard let room = try RoomRecord.find(localpart, in: database) else { return nil }
        // A room that has been full of reactions lately shows fewer messages rather than making everybody wait.
        let recent = MessageSelection(room: room)
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM (\(recent.sql) ORDER BY id DESC LIMIT ?)
                WHERE kind IN (\(RoomRecord.speech)) ORDER BY id DESC LIMIT ?
                """, arguments: recent.arguments + [4 * history + 100, history])
        return StoredRoom(
            state: state, history: rows.reversed().map { MessageRecord.read($0, room: localpart, reader) })
    }

    func find(_ query: ArchiveQuery) throws -> ArchiveAnswer {
        let mentioned = Set(query.mentionedIDs.map { Int64($0.value) })
        guard let room = try RoomRecord.find(query.room, in: database) else {
            return mentioned.isEmpty ? .page([], isComplete: true, count: query.max == 0 ? 0 : nil) : .itemNotFound
        }
        guard try mentioned.allSatisfy({ try contains($0, room: room) }) else { return .itemNotFound }
        let selection = MessageSelection(query, room: room)
        guard query.max > 0 else {
            // How many messages match (XEP-0059 §2.7).
            let count = try Int.fetchOne(
                database, sql: selection.countSQL, arguments: selection.arguments)
            return .page([], isComplete: count == 0, count: count)
        }

        var isBackward = false
        if case .before = query.page { isBackward = true }
        let statement = try database.cachedStatement(
            sql: """
                \(selection.sql) ORDER BY id \(isBackward ? "DESC" : "ASC") LIMIT ?
                """)
        let rows = try Row.fetchCursor(statement, arguments: selection.arguments + [query.max + 1])
        var messages: [ArchivedMessage] = []
        var size = 0
        var isComplete = true
        while let row = try rows.next() {
            guard messages.count < query.max, size < query.maxSize else {
                isComplete = false
                break
            }
            let message = MessageRecord.read(row, room: query.room, reader)
            size += message.stanza.footprint
            messages.append(message)
        }
        return .page(isBackward ? messages.reversed() : messages, isComplete: isComplete)
    }

    /// The first and the last message of a room.
    func span(_ localpart: String) throws -> ArchiveSpan? {
        guard let room = try RoomRecord.find(localpart, in: database) else { return nil }
        func edge(_ order: String) throws -> Row? {
            let all = MessageSelection(room: room)
            return try Row.fetchOne(
                database, sql: "\(all.sql) ORDER BY id \(order) LIMIT 1", arguments: all.arguments)
        }
        guard let first = try edge("ASC"), let last = try edge("DESC") else { return nil }
        func id(_ row: Row) -> StanzaID { StanzaID(UInt64(clamping: row[0] as Int64)) }
        return ArchiveSpan(first: id(first), firstTime: first[1], last: id(last), lastTime: last[1])
    }

    private func contains(_ id: Int64, room: Int64) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT room FROM messages WHERE id = ?")
        return try Int64.fetchOne(statement, arguments: [id]) == room
    }
}
