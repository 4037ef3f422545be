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

    func run(in database: Database) throws {
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
                "SELECT id FROM messages WHERE room = ? ORDER BY id LIMIT ?", [room, count], database)
            if deleted < count { try recount(database, "id = ?", [room]) }
        case .gone:
            let gone = "SELECT id FROM rooms WHERE localpart IS NULL LIMIT 100"
            _ = try delete("SELECT id FROM messages WHERE room IN (\(gone)) LIMIT ?", [Self.batch], database)
            try database.execute(
                sql: """
                    DELETE FROM rooms
                    WHERE id IN (\(gone)) AND NOT EXISTS (SELECT * FROM messages WHERE room = rooms.id)
                    """)
        }
    }

    /// Returns how many there were.
    private func delete(_ which: String, _ arguments: StatementArguments, _ database: Database) throws -> Int {
        let rooms = try Int64.fetchAll(
            database, sql: "DELETE FROM messages WHERE id IN (\(which)) RETURNING room", arguments: arguments)
        for (room, count) in Dictionary(rooms.map { ($0, 1) }, uniquingKeysWith: +) {
            try database.execute(
                sql: "UPDATE rooms SET messages = max(0, messages - ?) WHERE id = ?", arguments: [count, room])
        }
        return rooms.count
    }

    /// There was less to delete than the counts said; wrong ones would make the deleting go on for ever.
    private func recount(_ database: Database, _ which: String, _ arguments: StatementArguments) throws {
        try database.execute(
            sql: """
                UPDATE rooms SET messages = (SELECT count(*) FROM messages WHERE room = rooms.id) WHERE \(which)
                """, arguments: arguments)
    }
}
