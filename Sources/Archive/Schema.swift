import GRDB

/// The tables, and how they came to be: a migration for each version of the schema, never changed once released.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: rooms and messages") { database in
            try database.execute(sql: first)
        }
        migrator.registerMigration("2: one index, written in stretches") { database in
            try database.execute(sql: second)
            var progress = MessageIndex.Progress(last: 0, waiting: 1)
            // The rooms have counted these already.
            try database.execute(sql: "UPDATE rooms SET messages = 0")
            try MessageIndex.complete(&progress, in: database)
        }
        migrator.registerMigration("3: what moderators did") { database in
            try database.execute(sql: third)
        }
        return migrator
    }

    /// - `rooms.localpart` is null for a room that is gone and whose messages are being deleted.
    /// - `rooms.configuration` is JSON (`ConfigurationRecord`); `rooms.subject` and `messages.stanza` are XML.
    /// - `messages.id` is `StanzaID`: messages are stored in the order in which they were sent, so the table grows at its
    ///   end.
    /// - Times are milliseconds since 1970.
    private static let first = """
        CREATE TABLE rooms (
            id INTEGER PRIMARY KEY,
            localpart TEXT UNIQUE,
            name TEXT NOT NULL,
            url TEXT,
            configuration TEXT NOT NULL,
            is_persistent INTEGER NOT NULL,
            subject TEXT,
            created INTEGER NOT NULL,
            last_message INTEGER,
            messages INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE affiliations (
            room INTEGER NOT NULL REFERENCES rooms ON DELETE CASCADE,
            person TEXT NOT NULL,
            affiliation TEXT NOT NULL,
            nick TEXT,
            reason TEXT,
            actor TEXT,
            since INTEGER,
            PRIMARY KEY (room, person)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            room INTEGER NOT NULL REFERENCES rooms,
            time INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            nick TEXT NOT NULL,
            occupant TEXT NOT NULL,
            person TEXT,
            stanza TEXT NOT NULL
        ) STRICT;
        CREATE INDEX messages_of_room ON messages (room);
        CREATE INDEX messages_of_nick ON messages (room, nick);
        CREATE INDEX messages_of_occupant ON messages (room, occupant);

        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO counters VALUES ('last_id', 0);
        """

    /// - `message_index` is `MessageIndex`, and `counters.indexed` the greatest id that has its entries; `rooms.messages` and
    ///   `rooms.last_message` count up to there.
    /// - SQLite does not check `REFERENCES`: to delete a room it would look through all messages.
    private static let second = """
        CREATE TABLE message_index (
            key INTEGER NOT NULL,
            id INTEGER NOT NULL,
            PRIMARY KEY (key, id)
        ) STRICT, WITHOUT ROWID;
        DROP INDEX messages_of_room;
        DROP INDEX messages_of_nick;
        DROP INDEX messages_of_occupant;
        INSERT INTO counters VALUES ('indexed', 0);
        """

    /// - `bans.record` and `acts.record` are JSON (`ModerationText`); `bans.ends` is null for a ban without an end.
    private static let third = """
        CREATE TABLE bans (id INTEGER PRIMARY KEY, ends INTEGER, record TEXT NOT NULL) STRICT;
        CREATE TABLE acts (id INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;
        """
}
