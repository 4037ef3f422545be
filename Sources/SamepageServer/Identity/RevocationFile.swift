import Dispatch
import Foundation

/// The file behind `Revocations`: appended to, and written anew when much of it is out of date.
///
/// Disks take their time, so nothing here runs on the loop: a queue of its own does one thing after the other, and says
/// when that is safe from a power cut.
final class RevocationFile: Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "samepage.revocations")

    init(path: String) {
        self.path = path
    }

    /// Nil when there is none yet.
    ///
    /// - Throws: when it is there and cannot be read: to start without it would bring back what was revoked.
    func read() throws(DataDirectory.Failure) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DataDirectory.Failure(description: "cannot read \(path)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Adds a line. `done` is called off the loop, with whether it is on the disk.
    func append(_ line: String, done: @escaping @Sendable (Bool) -> Void) {
        queue.async { [self] in done(append(line)) }
    }

    /// Puts this in the place of everything.
    func replace(with text: String, done: @escaping @Sendable (Bool) -> Void) {
        queue.async { [self] in done(replaceNow(with: text)) }
    }

    private func append(_ line: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let end = lseek(file, 0, SEEK_END)
        guard end >= 0 else { return false }
        if write(line, to: file) { return end > 0 || syncDirectory() }
        // Half a line would spoil the one that comes after it.
        ftruncate(file, end)
        return false
    }

    /// The same, whatever time it takes.
    func replaceNow(with text: String) -> Bool {
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let isWritten = write(text, to: file)
        close(file)
        guard isWritten, rename(draft, path) == 0 else { return false }
        return syncDirectory()
    }

    /// All of it, and on the disk.
    private func write(_ text: String, to file: Int32) -> Bool {
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
