import Foundation
import GRDB
import MUC

/// Opening the database file.
enum ArchiveDatabase {
    static let fileName = "samepage.db"

    /// Opens it to read and write, makes it where it is missing, and brings its schema up to date.
    ///
    /// - Throws: `ArchiveFailure`, also for a database that a newer version has changed.
    static func open(_ path: String) throws(ArchiveFailure) -> DatabasePool {
        // Only we may read it. SQLite gives its other files the same permissions.
        Foundation.close(Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
        do {
            // By itself and first, since the pool writes into the file as soon as it opens it.
            let queue = try queue(path)
            try queue.read(requireKnownSchema)
            try queue.close()
            var configuration = configuration
            configuration.prepareDatabase { database in
                // A commit survives the end of the process; a power cut may take the last ones, and never breaks the file.
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                // What is retracted or too old is overwritten, not only forgotten.
                try database.execute(sql: "PRAGMA secure_delete = ON")
                // Not in a transaction of somebody who waits (`Checkpoints`).
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            try Schema.migrator.migrate(pool)
            return pool
        } catch {
            throw ArchiveFailure("open", path, error)
        }
    }

    /// Opens it to read, beside a server that may be running.
    static func openToRead(_ path: String) throws(ArchiveFailure) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw ArchiveFailure("there is no archive \(path)") }
        do {
            let queue = try queue(path)
            try queue.read { database in
                try requireKnownSchema(database)
                guard try Schema.migrator.hasCompletedMigrations(database) else {
                    throw ArchiveFailure("it is of an older version; start the server once")
                }
            }
            return queue
        } catch {
            throw ArchiveFailure("open", path, error)
        }
    }

    /// One more connection to a database that is open.
    static func connect(_ path: String) throws -> DatabaseQueue { try queue(path, isReadOnly: false) }

    private static func queue(_ path: String, isReadOnly: Bool = true) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = isReadOnly
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "archive"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        // Whatever deletes rooms deletes what belongs to them (`Pruning`).
        configuration.foreignKeysEnabled = false
        return configuration
    }

    @Sendable private static func requireKnownSchema(_ database: Database) throws {
        guard try !Schema.migrator.hasBeenSuperseded(database) else {
            throw ArchiveFailure("a newer version of samepage has changed it; use that version, or restore a backup")
        }
    }
}
