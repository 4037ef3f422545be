import Dispatch
import Foundation
import GRDB
import MUC
import Synchronization
import XMPP

/// The archive of all rooms: what they keep and what was said in them, in one SQLite database.
///
/// Nobody waits for it. Requests are done in their order on threads of its own, and what came of them is reported, in
/// that order too. Whatever has gathered while one transaction ran is written in the next one: a lone message is
/// committed at once, and a flood in large batches.
package final class Archive: Sendable {
    package struct Settings: Sendable {
        /// The data directory.
        package var directory: String
        package var retention: Retention
        /// Messages that a room comes with.
        package var history: Int
        /// Acts of moderators that are kept.
        package var acts: Int

        package init(directory: String, retention: Retention = Retention(), history: Int = 50, acts: Int = 5_000) {
            self.directory = directory
            self.retention = retention
            self.history = history
            self.acts = max(1, acts)
        }
    }

    /// What came of requests, for `MUCService`.
    package enum Report: Sendable {
        /// Messages that were stored, or could not be, in the order of their requests.
        case stored([(room: String, id: StanzaID)], isKept: Bool)
        /// A room's state, or a change of it.
        case saved(room: String, isKept: Bool)
        case loaded(room: String, Result<StoredRoom?, ArchiveUnavailable>)
        /// The public rooms that there were at the start.
        case rooms([(localpart: String, summary: RoomSummary)])
        case found(ArchiveAnswer, ArchiveTicket)
        /// All that was to be written before is written, or could not be.
        case reached
        /// Nothing is left to be deleted.
        case pruned
        /// Something could not be read, and why.
        case unreadable(String)
        /// So many decisions could not be written for so long that they are forgotten at the next start.
        case forgotten(Int)
        /// Writing fails since now, and why; nil: it works again.
        case health(String?)
    }

    enum Job: Sendable {
        case write(ArchiveWrite)
        case read(ArchiveRead)
        case reach
        case payDebts
        case pruneOn(now: Int64)
    }

    private struct Inbox {
        var jobs: [Job] = []
        /// Whether the writer is at work, and will look again.
        var isDraining = false
    }

    /// Jobs of one transaction.
    private static let batch = 1_000
    /// Microseconds in which those who write at the same time come together, once several do.
    private static let gathering: UInt32 = 500
    /// What a transaction adds to SQLite's log besides what it writes, roughly, in bytes.
    private static let transactionWeight = 8 * 1_024
    /// Seconds between two steps of deleting.
    private static let pruningPause = 0.02

    package let path: String
    /// The greatest id that was ever given to a message when the archive was opened.
    package let lastID: StanzaID
    private let settings: Settings
    private let pool: DatabasePool
    private let checkpoints: Checkpoints
    /// Of the writer alone.
    private let index: Mutex<MessageIndex.Progress>
    private let report: @Sendable (Report) -> Void
    private let inbox = Mutex(Inbox())
    private let isFailing = Mutex(false)
    /// Of the writer alone, but for the question whether there are any.
    private let owed = Mutex(OwedWrites())
    private let writer = DispatchQueue(label: "archive.write", qos: .userInitiated)
    /// Rooms come on a queue of their own: whoever joins does not wait for those who search.
    private let loader = DispatchQueue(label: "archive.load", qos: .userInitiated)
    private let searcher = DispatchQueue(label: "archive.search", qos: .utility)

    /// Opens the archive in a data directory, which the caller has locked.
    ///
    /// - Parameter report: Called on threads of the archive.
    package init(_ settings: Settings, report: @escaping @Sendable (Report) -> Void) throws(ArchiveFailure) {
        path = settings.directory + "/" + ArchiveDatabase.fileName
        self.settings = settings
        self.report = report
        pool = try ArchiveDatabase.open(path)
        do {
            let (last, progress) = try pool.write { database in
                let last = try Self.prepare(database)
                var progress = try MessageIndex.progress(in: database)
                if progress.isFarBehind { try MessageIndex.complete(&progress, in: database) }
                return (last, progress)
            }
            lastID = last
            index = Mutex(progress)
            checkpoints = Checkpoints(try ArchiveDatabase.connect(path))
        } catch {
            throw ArchiveFailure("open", path, error)
        }
    }

    /// Does a request, later.
    package func perform(_ request: ArchiveRequest) {
        switch request {
        case .store(let message): add(.write(.message(message)))
        case .save(let state): add(.write(.room(state)))
        case .load(let room): add(.read(.room(room)))
        case .find(let query, let ticket): add(.read(.messages(query, ticket)))
        case .measure(let room, let ticket): add(.read(.span(room, ticket)))
        }
    }

    /// Keeps a change of a room, later.
    package func keep(_ change: RoomChange, room: String) {
        add(.write(.change(change, room: room)))
    }

    /// Keeps something of moderation, later.
    package func keep(_ record: ModerationRecord) {
        add(.write(.moderation(record)))
    }

    /// What is kept of moderation, and how many rows of it make no sense. At once: to be asked before anything is written.
    package func moderation() throws(ArchiveFailure) -> (records: [ModerationRecord], unreadable: Int) {
        do {
            return try pool.read { try ModerationRows.read(acts: settings.acts, in: $0) }
        } catch {
            throw ArchiveFailure("read", path, error)
        }
    }

    /// Takes in what was kept of moderation elsewhere. At once.
    package func adopt(_ records: [ModerationRecord]) throws(ArchiveFailure) {
        do {
            try pool.write { try ModerationRows.adopt(records, acts: settings.acts, into: $0) }
        } catch {
            throw ArchiveFailure("write to", path, error)
        }
    }

    /// Reports the public rooms that there are, the last active first: to be asked once, at the start.
    package func listRooms(atMost count: Int) {
        searcher.async { [self] in
            do {
                report(.rooms(try pool.read { try RoomRecord.publicRooms(atMost: count, in: $0) }))
            } catch {
                report(.unreadable(ArchiveFailure("read", path, error).description))
            }
        }
    }

    /// Tries again what could not be written and must be; to be called about once a second.
    package func tryAgain() {
        if owed.withLock({ !$0.isEmpty }) { add(.payDebts) }
    }

    /// Reports `reached` when all that was to be written before is written.
    package func reach() {
        add(.reach)
    }

    /// Deletes what is not to be kept any longer, in small steps between the writes of others, until all is within bounds.
    ///
    /// - Parameter now: Milliseconds since 1970.
    package func prune(now: Int64) {
        add(.pruneOn(now: now))
    }

    private func planPruning(now: Int64) {
        let steps = try? pool.read { try settings.retention.steps(now: now, in: $0) }
        guard let steps, !steps.isEmpty else { return report(.pruned) }
        for step in steps { add(.write(.pruning(step))) }
        add(.pruneOn(now: now))
    }

    /// Waits for what is under way and closes the database. The archive is not to be used afterwards.
    package func close() {
        writer.sync { try? payDebts() }
        for queue in [loader, searcher] { queue.sync {} }
        checkpoints.close()
        // The writer last: only that one can bring what is in the log into the database file.
        pool.invalidateReadOnlyConnections()
        try? pool.close()
    }

    /// The greatest id; and rooms that a former run left behind are gone with their last occupant, as they would have been.
    private static func prepare(_ database: Database) throws -> StanzaID {
        try database.execute(sql: "UPDATE rooms SET localpart = NULL WHERE NOT is_persistent")
        let last = try Int64.fetchOne(
            database,
            sql: """
                SELECT max(value, (SELECT coalesce(max(id), 0) FROM messages)) FROM counters WHERE name = 'last_id'
                """)
        return StanzaID(UInt64(clamping: last ?? 0))
    }

    /// For tests: a database that may grow no further is a full disk.
    func limitPages(to count: Int) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
    }

    /// What is asked for and not begun.
    package var backlog: Int { inbox.withLock { $0.jobs.count } }

    /// For tests.
    func whileWritingFails(_ body: () throws -> Void) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
        try body()
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = OFF") }
    }

    // MARK: The writer

    private func add(_ job: Job) {
        let mustStart = inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { inbox.isDraining = true }
            return !inbox.isDraining
        }
        if mustStart { writer.async { [self] in drain() } }
    }

    private func drain() {
        while true {
            let jobs = inbox.withLock { inbox in
                var taken: [Job] = []
                if inbox.jobs.count <= Self.batch {
                    swap(&taken, &inbox.jobs)
                } else {
                    taken = Array(inbox.jobs.prefix(Self.batch))
                    inbox.jobs.removeFirst(Self.batch)
                }
                inbox.isDraining = !taken.isEmpty
                return taken
            }
            guard !jobs.isEmpty else { return }
            let writes = jobs.compactMap { job in if case .write(let write) = job { write } else { nil } }
            run(jobs, writes)
            if index.withLock({ $0.isDue }) { advanceIndex() }
            // Each would cost a transaction and two changes of threads; together they cost one. Who is alone never waits.
            if writes.count > 1 { usleep(Self.gathering) }
        }
    }

    /// All writes in one transaction, then what was to come behind them.
    private func run(_ jobs: [Job], _ writes: [ArchiveWrite]) {
        let isKept = writes.isEmpty || commit(writes)
        tell(writes, isKept: isKept)
        for job in jobs {
            switch job {
            case .write: break
            case .read(.room(let room)) where owed.withLock({ $0.hasDestroyed(room) }):
                report(.loaded(room: room, .success(nil)))
            case .read(let read): start(read)
            case .payDebts: _ = commit([])
            case .reach: report(.reached)
            case .pruneOn(let now):
                // Another time, when it can be written to.
                guard isKept, advanceIndex() else {
                    report(.pruned)
                    continue
                }
                // A pause, so that those who write now have the disk for themselves most of the time.
                searcher.asyncAfter(deadline: .now() + Self.pruningPause) { [self] in planPruning(now: now) }
            }
        }
    }

    private func commit(_ writes: [ArchiveWrite]) -> Bool {
        do {
            try payDebts()
            if !writes.isEmpty { try transact(writes) }
        } catch {
            let forgotten = owed.withLock { $0.append(writes) }
            if forgotten > 0 { report(.forgotten(forgotten)) }
            note(failure: ArchiveFailure("write to", path, error).description)
            return false
        }
        note(failure: nil)
        return true
    }

    /// One by one, so that one that cannot be written at all is in nobody's way.
    private func payDebts() throws {
        while let write = owed.withLock({ $0.writes.first }) {
            do {
                try transact([write])
            } catch let error as DatabaseError where error.isLasting {
                report(.forgotten(1))
            }
            owed.withLock { $0.removeFirst() }
        }
    }

    private func transact(_ writes: [ArchiveWrite]) throws {
        try transact(writes.reduce(0) { $0 + $1.weight }) { database, notes in
            for write in writes { try write.write(into: database, &notes) }
        }
    }

    /// Gives messages their entries. When it fails, so will whatever is written next, and that is reported; searches do
    /// without.
    @discardableResult private func advanceIndex() -> Bool {
        let progress = index.withLock { $0 }
        guard progress.waiting > 0 else { return true }
        let done: Void? = try? transact(progress.weight) { try MessageIndex.complete(&$1.index, in: $0) }
        return done != nil
    }

    private func transact(
        _ weight: Int, _ body: (Database, inout ArchiveWrite.Notes) throws -> Void
    ) throws {
        var notes = ArchiveWrite.Notes(index: index.withLock { $0 }, acts: settings.acts)
        do {
            try pool.writeWithoutTransaction { database in
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
                do {
                    try body(database, &notes)
                    try database.cachedStatement(sql: "COMMIT").execute()
                } catch {
                    try? database.rollback()
                    throw error
                }
            }
        } catch {
            checkpoints.note(0, isUrgent: true, pool)
            throw error
        }
        index.withLock { $0 = notes.index }
        checkpoints.note(weight + Self.transactionWeight, pool)
    }

    private func note(failure: String?) {
        let hasChanged = isFailing.withLock { isFailing in
            defer { isFailing = failure != nil }
            return isFailing != (failure != nil)
        }
        if hasChanged { report(.health(failure)) }
    }

    private func tell(_ writes: [ArchiveWrite], isKept: Bool) {
        var stored: [(room: String, id: StanzaID)] = []
        var saved: [Report] = []
        for write in writes {
            switch write {
            case .message(let message): stored.append((message.room, message.id))
            case .room(let state): saved.append(.saved(room: state.localpart, isKept: isKept))
            // The archive owes these (`OwedWrites`).
            case .change(.destroyed, _), .change(.retraction, _), .moderation: break
            case .change(_, let room): if !isKept { saved.append(.saved(room: room, isKept: false)) }
            case .pruning: break
            }
        }
        if !stored.isEmpty { report(.stored(stored, isKept: isKept)) }
        for each in saved { report(each) }
    }

    // MARK: Reading

    private func start(_ read: ArchiveRead) {
        let queue = if case .room = read { loader } else { searcher }
        queue.async { [self] in
            let (answer, failure) = read.run(in: pool, history: settings.history)
            if let failure { report(.unreadable(ArchiveFailure("read", path, failure).description)) }
            report(answer)
        }
    }
}
