import GRDB
import MUC

/// Rows of `bans` and `acts`: what moderators did (`ModerationText`).
enum ModerationRows {
    /// Acts past the bound that wait to be deleted together.
    private static let slack = 64

    /// - Parameter acts: How many of the log are kept.
    static func write(_ record: ModerationRecord, acts: Int, into database: Database) throws {
        switch record {
        case .ban(let ban):
            // Those that have ended meanwhile; nobody says so of each.
            try database.execute(sql: "DELETE FROM bans WHERE ends <= ?", arguments: [ban.since])
            try database.execute(
                sql: "INSERT OR REPLACE INTO bans (id, ends, record) VALUES (?, ?, ?)",
                arguments: [ban.id, ban.until, ModerationText.write(record)])
        case .lifted(let id): try database.execute(sql: "DELETE FROM bans WHERE id = ?", arguments: [id])
        case .act(let act):
            try database.execute(
                sql: "INSERT OR REPLACE INTO acts (id, record) VALUES (?, ?)",
                arguments: [act.id, ModerationText.write(record)])
            if act.id.isMultiple(of: slack) { try trim(acts: acts, in: database) }
        }
    }

    /// All that is kept, in an order in which it can be applied, and how many rows make no sense.
    static func read(acts: Int, in database: Database) throws -> (records: [ModerationRecord], unreadable: Int) {
        let texts = try String.fetchAll(
            database,
            sql: """
                SELECT record FROM (SELECT id, record FROM acts ORDER BY id DESC LIMIT ?)
                UNION ALL SELECT record FROM bans
                """, arguments: [acts])
        let records = texts.compactMap { ModerationText.read($0) }.sorted { order($0) < order($1) }
        return (records, texts.count - records.count)
    }

    /// Takes in what was kept elsewhere. Where that has numbers of its own for other things, it gets new ones.
    static func adopt(_ records: [ModerationRecord], acts: Int, into database: Database) throws {
        let greatest = try Int.fetchOne(
            database,
            sql: "SELECT max((SELECT coalesce(max(id), 0) FROM bans), (SELECT coalesce(max(id), 0) FROM acts))")
        for record in records { try write(moved(record, by: greatest ?? 0), acts: acts, into: database) }
        try trim(acts: acts, in: database)
    }

    private static func trim(acts: Int, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM acts WHERE id <= (SELECT id FROM acts ORDER BY id DESC LIMIT 1 OFFSET ?)",
            arguments: [acts])
    }

    private static func order(_ record: ModerationRecord) -> (Int, Int) {
        switch record {
        case .act(let act): (0, act.id)
        case .ban(let ban): (1, ban.id)
        case .lifted(let id): (1, id)
        }
    }

    private static func moved(_ record: ModerationRecord, by distance: Int) -> ModerationRecord {
        func moved(_ id: Int) -> Int { id &+ distance }
        func moved(_ id: String?) -> String? { id.flatMap { Int($0) }.map { String(moved($0)) } ?? id }
        switch record {
        case .ban(var ban):
            ban.id = moved(ban.id)
            return .ban(ban)
        case .lifted(let id): return .lifted(moved(id))
        case .act(var act):
            act.id = moved(act.id)
            // What names a ban, or another act.
            switch act.kind {
            case .ban: act.after = moved(act.after)
            case .undo: act.before = moved(act.before)
            default: break
            }
            return .act(act)
        }
    }
}
