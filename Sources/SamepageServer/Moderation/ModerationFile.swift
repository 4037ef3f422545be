import Dispatch
import Foundation
import Logging
import MUC
import Synchronization

/// The file behind the bans and the log of moderators: a line of JSON for each change, written anew when much of it is
/// out of date.
///
/// Disks take their time, so nothing here runs on the loop: a queue of its own does one thing after the other.
final class ModerationFile: ModerationStore {
    private struct State {
        var memory: ModerationMemory
        var lines = 0
    }

    private let path: String
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
        self.path = path
        self.logger = logger
        state = Mutex(State(memory: ModerationMemory(capacity: acts)))
    }

    func load(now: Int64) throws(DataDirectory.Failure) -> ModerationMemory {
        var text = ""
        if FileManager.default.fileExists(atPath: path) {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw DataDirectory.Failure(description: "cannot read \(path)")
            }
            text = String(decoding: data, as: UTF8.self)
        }
        let decoder = JSONDecoder()
        let (memory, lines, unreadable) = state.withLock { state in
            var unreadable = 0
            for line in text.split(separator: "\n") {
                let stored = try? decoder.decode(StoredRecord.self, from: Data(line.utf8))
                if let record = stored?.record { state.memory.apply(record) } else { unreadable += 1 }
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
        guard let line = Self.line(record), append(line) else { return complain() }
    }

    private func rewrite() {
        let records = state.withLock { state in
            state.memory.trim(now: WallClock.now)
            state.lines = state.memory.count
            return state.memory.records
        }
        guard replace(with: records.compactMap(Self.line).joined()) else { return complain() }
    }

    private func complain() {
        logger.error("\(path) cannot be written: what moderators do now is forgotten at the next start")
    }

    private static func line(_ record: ModerationRecord) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(StoredRecord(record)) else { return nil }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func append(_ text: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let end = lseek(file, 0, SEEK_END)
        guard end >= 0 else { return false }
        if Self.write(text, to: file) { return end > 0 || syncDirectory() }
        ftruncate(file, end)
        return false
    }

    private func replace(with text: String) -> Bool {
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let isWritten = Self.write(text, to: file)
        close(file)
        return isWritten && rename(draft, path) == 0 && syncDirectory()
    }

    /// All of it, and on the disk.
    private static func write(_ text: String, to file: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return fsync(file) == 0
    }

    /// A name in a directory is on the disk when the directory is.
    private func syncDirectory() -> Bool {
        let directory = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return false }
        defer { close(directory) }
        return fsync(directory) == 0
    }
}
