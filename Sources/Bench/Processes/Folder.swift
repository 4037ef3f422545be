import Foundation

/// A folder for all that a server writes; gone with this.
final class Folder {
    let path: String

    init(_ name: String) throws(BenchFailure) {
        let path = NSTemporaryDirectory() + "samepage-bench-\(name)-\(UUID().uuidString.prefix(8))"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BenchFailure("\(path): \(error.localizedDescription)")
        }
        self.path = path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws(BenchFailure) {
        do {
            try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
        } catch {
            throw BenchFailure("\(path)/\(name): \(error.localizedDescription)")
        }
    }

    func makeFolder(_ name: String) throws(BenchFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
        } catch {
            throw BenchFailure("\(path)/\(name): \(error.localizedDescription)")
        }
    }
}
