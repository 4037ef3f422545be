import GRDB

/// Which messages a room, a nick and an occupant have: the rows of `message_index`, each a key and the id of a message.
///
/// It follows the messages at a distance. Indexes of SQLite's own would be changed in every transaction, at as many places
/// of the file as there are indexes, and that costs several times what the message itself does. So messages are written
/// alone, and whenever a stretch of them has gathered, all entries of that stretch are written at once and in order.
/// Whoever searches looks through the few messages behind the index one by one (`isBehind`).
enum MessageIndex {
    /// How far the index has come.
    struct Progress: Sendable {
        /// Messages up to this id have their entries.
        var last: Int64
        /// Messages that have none yet.
        var waiting: Int

        /// Whether a stretch has gathered.
        var isDue: Bool { waiting >= MessageIndex.stretch }
        /// Whether more are behind than searches should look through.
        var isFarBehind: Bool { waiting > MessageIndex.step }
        /// Bytes that their entries add to SQLite's log, roughly.
        var weight: Int { 1_024 * waiting }
    }

    private struct Entry: Comparable {
        let key: Int64
        let id: Int64

        static func < (left: Entry, right: Entry) -> Bool { (left.key, left.id) < (right.key, right.id) }
    }

    /// Messages that get their entries together.
    private static let stretch = 256
    /// Most messages in one step.
    private static let step = 1_000

    /// The condition for messages without entries, all of them newer than those that have theirs.
    static let isBehind = "messages.id > (SELECT value FROM counters WHERE name = 'indexed')"

    // MARK: Keys

    /// A room's own messages are found by its row.
    static func key(room: Int64) -> Int64 { room }
    static func key(room: Int64, nick: String) -> Int64 { key(room, "n", nick) }
    static func key(room: Int64, occupant: String) -> Int64 { key(room, "o", occupant) }

    /// FNV-1a, 64 bits: the same in every process. Two names that meet in one key cost time and nothing else, since searches
    /// compare the name too. Negative, so that no room's row is among them.
    private static func key(_ room: Int64, _ kind: Unicode.Scalar, _ name: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: room >> Int64(shift))) }
        mix(UInt8(truncatingIfNeeded: kind.value))
        for byte in name.utf8 { mix(byte) }
        return Int64(bitPattern: hash | 1 << 63)
    }

    private static func add(
        _ id: Int64, room: Int64, nick: String, occupant: String, to entries: inout [Entry]
    ) {
        entries.append(Entry(key: key(room: room), id: id))
        entries.append(Entry(key: key(room: room, nick: nick), id: id))
        entries.append(Entry(key: key(room: room, occupant: occupant), id: id))
    }

    // MARK: Writing

    static func progress(in database: Database) throws -> Progress {
        let last = try Int64.fetchOne(database, sql: "SELECT value FROM counters WHERE name = 'indexed'") ?? 0
        let waiting = try Int.fetchOne(database, sql: "SELECT count(*) FROM messages WHERE id > ?", arguments: [last])
        return Progress(last: last, waiting: waiting ?? 0)
    }

    /// Gives the next messages their entries, and their rooms the new counts.
    static func advance(_ progress: inout Progress, in database: Database) throws {
        let rows = try Row.fetchCursor(
            try database.cachedStatement(
                sql: """
                    SELECT id, room, nick, occupant, time, kind FROM messages WHERE id > ? ORDER BY id LIMIT \(step)
                    """), arguments: [progress.last])
        var entries: [Entry] = []
        var counts: [Int64: (messages: Int, lastSpoken: Int64?)] = [:]
        var messages = 0
        var last = progress.last
        while let row = try rows.next() {
            last = row[0]
            let room: Int64 = row[1]
            add(last, room: room, nick: row[2], occupant: row[3], to: &entries)
            messages += 1
            counts[room, default: (0, nil)].messages += 1
            if RoomRecord.isSpeech(kind: row[5]) { counts[room]?.lastSpoken = row[4] }
        }
        guard messages > 0 else {
            progress.waiting = 0
            return
        }
        try write(entries, "INSERT INTO message_index (key, id) VALUES (?, ?)", in: database)
        for (room, count) in counts {
            try RoomRecord.add(messages: count.messages, lastSpoken: count.lastSpoken, to: room, in: database)
        }
        try database.cachedStatement(sql: "UPDATE counters SET value = ? WHERE name = 'indexed'")
            .execute(arguments: [last])
        progress = Progress(last: last, waiting: messages < step ? 0 : max(0, progress.waiting - messages))
    }

    /// All messages that have no entries.
    static func complete(_ progress: inout Progress, in database: Database) throws {
        repeat { try advance(&progress, in: database) } while progress.waiting > 0
    }

    /// The entries of a message that came out of turn, with an id below those that have theirs.
    static func insert(
        _ id: Int64, room: Int64, nick: String, occupant: String, into database: Database
    ) throws {
        var entries: [Entry] = []
        add(id, room: room, nick: nick, occupant: occupant, to: &entries)
        try write(entries, "INSERT INTO message_index (key, id) VALUES (?, ?)", in: database)
    }

    static func delete(
        _ messages: [(id: Int64, room: Int64, nick: String, occupant: String)], from database: Database
    ) throws {
        var entries: [Entry] = []
        for message in messages {
            add(message.id, room: message.room, nick: message.nick, occupant: message.occupant, to: &entries)
        }
        try write(entries, "DELETE FROM message_index WHERE key = ? AND id = ?", in: database)
    }

    private static func write(_ entries: [Entry], _ sql: String, in database: Database) throws {
        let statement = try database.cachedStatement(sql: sql)
        // In the order of the table, so that what lies beside each other is written one after the other.
        for entry in entries.sorted() {
            statement.bind(entry.key, at: 1)
            statement.bind(entry.id, at: 2)
            try statement.run(in: database)
        }
    }
}
