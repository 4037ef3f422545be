import Dispatch
import GRDB
import Synchronization

/// Brings what is in SQLite's log into the database file, on a thread and a connection of its own: a checkpoint waits for
/// the disk twice, and whoever writes would wait with it.
///
/// While somebody writes all the time, some of the log is always newer than the last checkpoint, and SQLite begins a log
/// anew only when all of it is in the file. So once it has grown long, the writer does the rest itself, between two
/// transactions: by then that is little.
final class Checkpoints: Sendable {
    private struct State {
        /// Bytes that were added to the log since the last checkpoint began, roughly.
        var written = 0
        var isRunning = false
        var isLong = false
    }

    /// Bytes in the log that are worth a checkpoint.
    private static let due = 4 * 1_024 * 1_024
    /// Pages in the log past which the writer lends a hand.
    private static let longLog = 4_000

    private let connection: DatabaseQueue
    private let queue = DispatchQueue(label: "archive.checkpoint", qos: .utility)
    private let state = Mutex(State())

    init(_ connection: DatabaseQueue) {
        self.connection = connection
    }

    /// Something was written: starts a checkpoint when there is enough of it. Called by the writer, between transactions.
    ///
    /// - Parameters:
    ///   - bytes: What it added to the log, roughly.
    ///   - isUrgent: The disk is full, and a log that can begin anew may be room enough.
    func note(_ bytes: Int, isUrgent: Bool = false, _ writer: DatabasePool) {
        let (mustStart, isLong) = state.withLock { state in
            state.written += bytes
            let isLong = state.isLong
            state.isLong = false
            guard isUrgent || state.written >= Self.due, !state.isRunning else { return (false, isLong) }
            state.written = 0
            state.isRunning = true
            return (true, isLong)
        }
        if isLong { _ = try? writer.writeWithoutTransaction { try $0.checkpoint(.passive) } }
        if mustStart { queue.async { [self] in run() } }
    }

    /// Waits for what is under way. None is to be started afterwards.
    func close() {
        queue.sync {}
        try? connection.close()
    }

    private func run() {
        // What goes wrong now goes wrong for the writer too, and is reported there.
        let log = try? connection.inDatabase { try $0.checkpoint(.passive) }
        state.withLock { state in
            state.isRunning = false
            state.isLong = (log?.walFrameCount ?? 0) > Self.longLog
        }
    }
}
