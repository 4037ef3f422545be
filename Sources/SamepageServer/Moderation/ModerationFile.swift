import Archive
import Dispatch
import Logging
import MUC
import Synchronization

/// The file behind the bans and the log of moderators where there is no archive: a line of JSON for each change, written
/// anew when much of it is out of date.
///
/// Disks take their time, so nothing here runs on the loop: a queue of its own does one thing after the other.
final class ModerationFile: ModerationStore {
    private struct State {
        var memory: ModerationMemory
        var lines = 0
    }

    private let file: DurableFile
    private let logger: Logger
    private let queue = DispatchQueue(label: "samepage.moderation")
    /// Touched on the queue alone once it is loaded.
    private let state: Mutex<State>
    /// Changes that wait for the disk.
    private let waiting = Atomic<Int>(0)

    /// Changes that may wait for the disk; what comes past it is lost at the next start, and said so.
    private static let maximumWaiting = 10_000
    /// Lines out of date that are not worth writing the file anew.
    private static let slack = 1_000

    /// - Parameter acts: How many of the log are kept.
    init(path: String, acts: Int, logger: Logger) {
        file = DurableFile(path: path)
        self.logger = logger
        state = Mutex(State(memory: ModerationMemory(capacity: acts)))
    }

    func load(now: Int64) throws(DataDirectory.Failure) -> ModerationMemory {
        let text = try file.read() ?? ""
        let (memory, lines, unreadable) = state.withLock { state in
            var unreadable = 0
            for line in text.split(separator: "\n") {
                if let record = ModerationText.read(line) { state.memory.apply(record) } else { unreadable += 1 }
                state.lines += 1
            }
            state.memory.trim(now: now)
            return (state.memory, state.lines, unreadable)
        }
        if unreadable > 0 {
            logger.warning(
                "lines of the moderation file are unreadable and count for nothing",
                metadata: ["lines": "\(unreadable)"])
        }
        // Half a line at the end would spoil the next one.
        if lines > memory.count || !(text.isEmpty || text.hasSuffix("\n")) { queue.async { [self] in rewrite() } }
        return memory
    }

    func keep(_ record: ModerationRecord) {
        guard waiting.load(ordering: .relaxed) < Self.maximumWaiting else {
            return logger.error("the disk is too slow: an act of a moderator is not kept over a restart")
        }
        waiting.add(1, ordering: .relaxed)
        queue.async { [self] in
            write(record)
            waiting.subtract(1, ordering: .relaxed)
        }
    }

    /// Waits until everything is on the disk.
    func flush() { queue.sync {} }

    // MARK: On the queue

    private func write(_ record: ModerationRecord) {
        let isStale = state.withLock { state in
            state.memory.apply(record)
            state.lines += 1
            return state.lines > 2 * state.memory.count + Self.slack
        }
        if isStale { return rewrite() }
        guard file.append(Self.line(record)) else { return complain() }
    }

    private func rewrite() {
        let records = state.withLock { state in
            state.memory.trim(now: WallClock.now)
            state.lines = state.memory.count
            return state.memory.records
        }
        guard file.replace(with: records.map(Self.line).joined()) else { return complain() }
    }

    private func complain() {
        logger.error("\(file.path) cannot be written: what moderators do now is forgotten at the next start")
    }

    private static func line(_ record: ModerationRecord) -> String { ModerationText.write(record) + "\n" }
}
