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
        // A room that has been full of reactions lately shows fewer messages rather than making everybody wait.
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT \(MessageRecord.columns) FROM (
                    SELECT * FROM messages WHERE room = (SELECT id FROM rooms WHERE localpart = ?)
                    ORDER BY id DESC LIMIT ?
                ) WHERE kind IN (?, ?) ORDER BY id DESC LIMIT ?
                """,
            arguments: [
                localpart, 4 * history + 100, ArchivedMessage.Kind.spoken.rawValue,
                ArchivedMessage.Kind.tombstone.rawValue, history,
            ])
        return StoredRoom(
            state: state, history: rows.reversed().map { MessageRecord.read($0, room: localpart, reader) })
    }

    func find(_ query: ArchiveQuery) throws -> ArchiveAnswer {
        let mentioned = Set(query.mentionedIDs.map { Int64($0.value) })
        guard let room = try RoomRecord.find(query.room, in: database) else {
            return mentioned.isEmpty ? .page([], isComplete: true, count: query.max == 0 ? 0 : nil) : .itemNotFound
        }
        guard try mentioned.allSatisfy({ try contains($0, room: room) }) else { return .itemNotFound }
        let (conditions, arguments) = conditions(query, room: room)
        guard query.max > 0 else { return try count(query, room: room, conditions, arguments) }

        var isBackward = false
        if case .before = query.page { isBackward = true }
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(MessageRecord.columns) FROM messages WHERE \(conditions)
                ORDER BY id \(isBackward ? "DESC" : "ASC") LIMIT ?
                """)
        let rows = try Row.fetchCursor(statement, arguments: arguments + [query.max + 1])
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
            try Row.fetchOne(
                database, sql: "SELECT id, time FROM messages WHERE room = ? ORDER BY id \(order) LIMIT 1",
                arguments: [room])
        }
        guard let first = try edge("ASC"), let last = try edge("DESC") else { return nil }
        func id(_ row: Row) -> StanzaID { StanzaID(UInt64(clamping: row[0] as Int64)) }
        return ArchiveSpan(first: id(first), firstTime: first[1], last: id(last), lastTime: last[1])
    }

    private func contains(_ id: Int64, room: Int64) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT room FROM messages WHERE id = ?")
        return try Int64.fetchOne(statement, arguments: [id]) == room
    }

    /// Times are compared by the ids that were made then: so a page is one stretch of an index, whatever is asked.
    private func conditions(_ query: ArchiveQuery, room: Int64) -> (String, StatementArguments) {
        var conditions = ["room = ?"]
        var arguments: StatementArguments = [room]
        func add(_ condition: String, _ value: any DatabaseValueConvertible) {
            conditions.append(condition)
            arguments += [value]
        }
        func add(_ comparison: String, _ id: StanzaID?) {
            if let id { add("id \(comparison) ?", Int64(id.value)) }
        }
        if let start = query.start { add(">=", StanzaID(earliestAt: start)) }
        if let end = query.end { add("<", StanzaID(earliestAt: end == .max ? end : end + 1)) }
        add(">", query.afterID)
        add("<", query.beforeID)
        switch query.page {
        case .after(let id): if query.max > 0 { add(">", id) }
        case .before(let id): if query.max > 0 { add("<", id) }
        }
        if let nick = query.nick { add("nick = ?", nick) }
        if let occupantID = query.occupantID { add("occupant = ?", occupantID) }
        if let ids = query.ids {
            conditions.append("id IN (\(ids.map { _ in "?" }.joined(separator: ", ")))")
            for id in ids { arguments += [Int64(id.value)] }
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    /// How many messages match (XEP-0059 §2.7).
    private func count(
        _ query: ArchiveQuery, room: Int64, _ conditions: String, _ arguments: StatementArguments
    ) throws -> ArchiveAnswer {
        let count = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM messages WHERE \(conditions)", arguments: arguments)
        return .page([], isComplete: count == 0, count: count)
    }
}
