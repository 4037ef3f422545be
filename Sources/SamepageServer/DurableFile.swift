import Foundation

/// A small file of the data directory that is on the disk when a call returns, and never half of what it was to be.
///
/// Disks take their time: nobody calls this on the loop, but at the start.
struct DurableFile: Sendable {
    let path: String

    /// Nil when there is none yet.
    ///
    /// - Throws: when it is there and cannot be read: to start without it would bring back what was taken away.
    func read() throws(DataDirectory.Failure) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DataDirectory.Failure(description: "cannot read \(path)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Adds to its end: all of the text, or nothing.
    func append(_ text: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        let end = lseek(file, 0, SEEK_END)
        guard end >= 0 else { return false }
        if write(text, to: file) { return end > 0 || syncDirectory() }
        // Half a line would spoil the one that comes after it.
        ftruncate(file, end)
        return false
    }

    /// Puts this in the place of everything.
    func replace(with text: String) -> Bool {
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        let isWritten = write(text, to: file)
        close(file)
        return isWritten && rename(draft, path) == 0 && syncDirectory()
    }

    /// Gives it another name, in the place of whatever has that.
    func setAside(as suffix: String) -> Bool { rename(path, path + suffix) == 0 && syncDirectory() }

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
