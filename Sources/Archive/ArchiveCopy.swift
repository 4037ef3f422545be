import Foundation
import GRDB

/// A copy of the whole archive, made while a server may be running on it.
package enum ArchiveCopy {
    /// Writes a copy into a new file: complete, or none.
    ///
    /// SQLite writes it anew from one state of the database (`VACUUM INTO`), so nothing that is written meanwhile is half
    /// in it, and what was deleted is not in it at all.
    ///
    /// - Parameter directory: The data directory.
    /// - Throws: `ArchiveFailure`; a file that exists is never overwritten.
    package static func write(from directory: String, to path: String) throws(ArchiveFailure) {
        let source = directory + "/" + ArchiveDatabase.fileName
        let queue = try ArchiveDatabase.openToRead(source)
        guard !FileManager.default.fileExists(atPath: path) else { throw ArchiveFailure("\(path) is there already") }
        let partial = path + ".partial"
        do {
            // Whatever an attempt that was broken off has left.
            try? FileManager.default.removeItem(atPath: partial)
            let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw ArchiveFailure("that place cannot be written to") }
            defer { Foundation.close(file) }
            try queue.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
            guard fsync(file) == 0, link(partial, path) == 0, unlink(partial) == 0 else {
                throw ArchiveFailure(String(cString: strerror(errno)))
            }
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw ArchiveFailure("copy the archive \(source) to \(path)", error)
        }
    }
}
