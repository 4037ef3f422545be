import Foundation

/// The file behind `StaffRecords`. The server and the command line both write it, one at a time, and whoever reads it
/// finds what was before a change or what is after it.
struct StaffFile: Sendable {
    /// What is different when the file is.
    struct Stamp: Hashable, Sendable {
        fileprivate let values: [Int64]
    }

    private let path: String
    private let file: DurableFile

    /// - Parameter data: The data directory.
    init(data: String) {
        path = data + "/tokens"
        file = DurableFile(path: path)
    }

    /// Nil while there is no file. It asks the kernel, not the disk.
    var stamp: Stamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Stamp(values: [
            Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec), Int64(status.st_size),
            Int64(truncatingIfNeeded: status.st_ino),
        ])
    }

    func read() throws(DataDirectory.Failure) -> (records: StaffRecords, unreadable: Int) {
        StaffRecords.parse(try file.read() ?? "")
    }

    /// Reads, changes, and writes; the change is on the disk when this returns. Nobody else changes anything meanwhile.
    func change<Outcome>(
        now: Int64, _ change: (inout StaffRecords) throws(StaffRecords.Failure) -> Outcome
    ) throws(StaffRecords.Failure) -> Outcome {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw StaffRecords.Failure(description: "cannot write into the data directory") }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw StaffRecords.Failure(description: "cannot lock \(path)") }
        }
        var records: StaffRecords
        do {
            records = try read().records
        } catch {
            throw StaffRecords.Failure(description: error.description)
        }
        records.expire(now: now)
        let outcome = try change(&records)
        guard file.replace(with: records.text) else {
            throw StaffRecords.Failure(description: "cannot write \(path)")
        }
        return outcome
    }
}
