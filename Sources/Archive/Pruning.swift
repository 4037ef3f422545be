import GRDB
import MUC

/// One small step of deleting: the oldest messages of a room or of all, at most `batch` of them, so that nobody who writes
/// waits for it.
struct Pruning: Sendable {
    enum Target: Sendable {
        /// The oldest of all rooms, before this id.
        case before(StanzaID)
        /// So many of the oldest of all rooms.
        case oldest(Int)
        /// So many of the oldest of one room.
        case oldestOfRoom(Int64, Int)
        /// Rooms that are gone, with their messages.
        case gone
    }

    let target: Target
    static let batch = 500

    func run(in database: Database, _ index: inout MessageIndex.Progress) throws {
        // What goes is found by the index, and counted.
        try MessageIndex.complete(&index, in: database)
        // Ids are never given twice, also when the newest message is among what goes.
        try database.execute(
            sql: """
                UPDATE counters SET value = max(value, (SELECT coalesce(max(id), 0) FROM messages))
                WHERE name = 'last_id'
                """)
        switch target {
        case .before(let id):
            _ = try delete(
                "SELECT id FROM messages WHERE id < ? ORDER BY id LIMIT ?", [Int64(id.value), Self.batch], database)
        case .oldest(let count):
            let count = min(count, Self.batch)
            let deleted = try delete("SELECT id FROM messages ORDER BY id LIMIT ?", [count], database)
            if deleted < count { try recount(database, "TRUE", []) }
        case .oldestOfRoom(let room, let count):
            let count = min(count, Self.batch)
            let deleted = try delete(
                "SELECT id FROM message_index WHERE key = ? ORDER BY id LIMIT ?",
                [MessageIndex.key(room: room), count], database)
            if deleted < count { try recount(database, "id = ?", [room]) }
        case .gone:
            let gone = "SELECT id FROM rooms WHERE localpart IS NULL"
            _ = try delete("SELECT id FROM message_index WHERE key IN (\(gone)) LIMIT ?", [Self.batch], database)
            let empty = "\(gone) AND NOT EXISTS (SELECT * FROM message_index WHERE key = rooms.id)"
            try database.execute(sql: "DELETE FROM affiliations WHERE room IN (\(empty))")
            try database.execute(sql: "DELETE FROM rooms WHERE id IN (\(empty))")
        }
    }

    /// Returns how many there were.
    private func delete(_ which: String, _ arguments: StatementArguments, _ database: Database) throws -> Int {
        let rows = try Row.fetchAll(
            database, sql: "DELETE FROM messages WHERE id IN (\(which)) RETURNING id, room, nick, occupant",
            arguments: arguments)
        try MessageIndex.delete(rows.map { (id: $0[0], room: $0[1], nick: $0[2], occupant: $0[3]) }, from: database)
        for (room, count) in Dictionary(rows.map { ($0[1] as Int64, 1) }, uniquingKeysWith: +) {
            try database.execute(
                sql: "UPDATE rooms SET messages = max(0, messages - ?) WHERE id = ?", arguments: [count, room])
        }
        return rows.count
    }

    /// There was less to delete than the counts said; wrong ones would make the deleting go on for ever.
    private func recount(_ database: Database, _ which: String, _ arguments: StatementArguments) throws {
        try database.execute(
            sql: """
                UPDATE rooms SET messages = (SELECT count(*) FROM message_index WHERE key = rooms.id) WHERE \(which)
                """, arguments: arguments)
    }
}
