import Foundation
import GRDB
import MUC
import XMPP

/// Rows of `rooms` and `affiliations`.
enum RoomRecord {
    /// Writes a room in place of what was kept of it; its messages stay. Returns its row.
    static func save(_ state: RoomState, into database: Database) throws -> Int64 {
        let configuration = state.configuration
        let arguments: StatementArguments = [
            state.localpart, configuration.name, configuration.pageURL, ConfigurationRecord(configuration).json,
            configuration.isPersistent, state.subject.map(StanzaText.write), now, state.lastMessage,
        ]
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO rooms (localpart, name, url, configuration, is_persistent, subject, created, last_message)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (localpart) DO UPDATE SET
                    name = excluded.name, url = excluded.url, configuration = excluded.configuration,
                    is_persistent = excluded.is_persistent, subject = excluded.subject,
                    last_message = coalesce(excluded.last_message, last_message)
                RETURNING id
                """)
        guard let room = try Int64.fetchOne(statement, arguments: arguments) else {
            throw ArchiveFailure("a room was not written")
        }
        try database.execute(sql: "DELETE FROM affiliations WHERE room = ?", arguments: [room])
        for (person, entry) in state.affiliations { try save(entry, of: person, room: room, into: database) }
        return room
    }

    /// The row of a room that messages come for; made with a new room's configuration where the room could not be written
    /// before, which its next saving puts right.
    static func row(of localpart: String, in database: Database) throws -> Int64 {
        if let room = try find(localpart, in: database) { return room }
        var configuration = RoomConfiguration(name: localpart)
        configuration.isPersistent = true
        return try save(RoomState(localpart: localpart, configuration: configuration), into: database)
    }

    static func find(_ localpart: String, in database: Database) throws -> Int64? {
        let statement = try database.cachedStatement(sql: "SELECT id FROM rooms WHERE localpart = ?")
        return try Int64.fetchOne(statement, arguments: [localpart])
    }

    static func save(_ entry: AffiliationEntry?, of person: JID, room: Int64, into database: Database) throws {
        guard let entry else {
            return try database.execute(
                sql: "DELETE FROM affiliations WHERE room = ? AND person = ?",
                arguments: [room, person.description])
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO affiliations (room, person, affiliation, nick, reason, actor, since)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            room, person.description, entry.affiliation.rawValue, entry.nick, entry.reason, entry.actor?.description,
            entry.since,
        ])
    }

    static func save(_ configuration: RoomConfiguration, room: Int64, into database: Database) throws {
        try database.execute(
            sql: "UPDATE rooms SET name = ?, url = ?, configuration = ?, is_persistent = ? WHERE id = ?",
            arguments: [
                configuration.name, configuration.pageURL, ConfigurationRecord(configuration).json,
                configuration.isPersistent, room,
            ])
    }

    static func save(subject: Stanza?, room: Int64, into database: Database) throws {
        try database.execute(
            sql: "UPDATE rooms SET subject = ? WHERE id = ?", arguments: [subject.map(StanzaText.write), room])
    }

    /// Nil when there is no such room.
    static func state(_ localpart: String, in database: Database, _ reader: StanzaText.Reader) throws -> RoomState? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, configuration, subject, coalesce((
                    SELECT max(time) FROM messages
                    WHERE room = rooms.id AND \(MessageIndex.isBehind) AND kind IN (\(speech))
                ), last_message) FROM rooms WHERE localpart = ?
                """, arguments: [localpart])
        guard let row else { return nil }
        let room: Int64 = row[0]
        let configuration = try ConfigurationRecord(json: row[1]).configuration
        let subject: String? = row[2]
        return RoomState(
            localpart: localpart, configuration: configuration, affiliations: try affiliations(room, in: database),
            subject: subject.flatMap(reader.read), lastMessage: row[3])
    }

    /// Counts messages that have got their entries in the index.
    static func add(messages: Int, lastSpoken: Int64?, to room: Int64, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE rooms SET messages = messages + ?,
                    last_message = coalesce(max(coalesce(last_message, 0), ?), last_message)
                WHERE id = ?
                """)
        try statement.execute(arguments: [messages, lastSpoken, room])
    }

    /// Whether a message of this kind is something that somebody said, or what is left of that.
    static func isSpeech(kind: Int) -> Bool { speechKinds.contains(kind) }

    /// These kinds, for a condition.
    static let speech = speechKinds.map(String.init).joined(separator: ", ")
    private static let speechKinds = [ArchivedMessage.Kind.spoken, .tombstone].map(\.rawValue)

    /// What anybody may know of rooms, the last active first.
    static func publicRooms(
        atMost count: Int, in database: Database
    ) throws -> [(localpart: String, summary: RoomSummary)] {
        var lately: [Int64: Int64] = [:]
        let behind = try Row.fetchCursor(
            database,
            sql: """
                SELECT room, max(time) FROM messages
                WHERE \(MessageIndex.isBehind) AND kind IN (\(speech)) GROUP BY room
                """)
        while let row = try behind.next() { lately[row[0]] = row[1] }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, localpart, name, last_message FROM rooms
                WHERE localpart IS NOT NULL
                    AND iif(json_valid(configuration), coalesce(json_extract(configuration, '$.isPublic'), ?), FALSE)
                ORDER BY last_message DESC LIMIT ?
                """, arguments: [RoomConfiguration(name: "").isPublic, count])
        var rooms: [(localpart: String, summary: RoomSummary)] = []
        while let row = try rows.next() {
            let summary = RoomSummary(name: row[2], occupants: 0, lastActivity: lately[row[0]] ?? row[3])
            rooms.append((localpart: row[1], summary: summary))
        }
        return rooms
    }

    private static func affiliations(_ room: Int64, in database: Database) throws -> [JID: AffiliationEntry] {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT person, affiliation, nick, reason, actor, since FROM affiliations WHERE room = ?",
            arguments: [room])
        var entries: [JID: AffiliationEntry] = [:]
        while let row = try rows.next() {
            let person: String = row[0]
            let affiliation: String = row[1]
            let actor: String? = row[4]
            guard let person = JID(person), let affiliation = Affiliation(rawValue: affiliation) else { continue }
            entries[person] = AffiliationEntry(
                affiliation, nick: row[2], reason: row[3], actor: actor.flatMap(JID.init), since: row[5])
        }
        return entries
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
