import COpenSSL
import Foundation
import WebWire

/// The directory that holds what outlives the process. One process at a time.
struct DataDirectory: ~Copyable {
    /// Why the directory cannot be used, in words for the operator.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let path: String
    let key: SecretKey
    private let lock: Int32

    /// Creates the directory where it is missing, and locks it.
    init(path: String) throws(Failure) {
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(description: "cannot create the data directory \(path): \(error.localizedDescription)")
        }
        let lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Failure(description: "cannot write into the data directory \(path)") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw Failure(description: "another samepage is running on the data directory \(path)")
        }
        do {
            key = try SecretKey(file: path + "/secret.key")
        } catch {
            close(lock)
            throw Failure(description: error.description)
        }
        self.path = path
        self.lock = lock
    }

    deinit { close(lock) }
}

/// The server's own secret: 32 random bytes in a file that only it may read.
struct SecretKey: Sendable {
    private static let length = 32
    private let bytes: [UInt8]

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A key that lives as long as the process.
    init() {
        var generator = SystemRandomNumberGenerator()
        self.init(bytes: (0..<Self.length).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// Reads the key, or makes one when there is none yet.
    init(file path: String) throws(DataDirectory.Failure) {
        if let data = FileManager.default.contents(atPath: path) {
            guard data.count == Self.length else {
                throw DataDirectory.Failure(description: "\(path) is damaged: it must hold \(Self.length) bytes")
            }
            self.init(bytes: Array(data))
            return
        }
        self.init()
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw DataDirectory.Failure(description: "cannot write \(path)") }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw DataDirectory.Failure(description: "cannot write \(path)")
        }
    }

    /// A key for one purpose only. What one such key signs is worth nothing where another is asked for.
    func derived(for purpose: String) -> SecretKey {
        SecretKey(bytes: code("key\u{0}\(purpose)"))
    }

    /// HMAC-SHA-256 of the text in hex, the first `length` bytes of it.
    func authenticationCode(_ text: String, length: Int) -> String {
        Digest.hex(Array(code(text).prefix(max(0, length))))
    }

    private func code(_ text: String) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        let message = Array(text.utf8)
        HMAC(EVP_sha256(), bytes, Int32(bytes.count), message, message.count, &code, &count)
        return Array(code.prefix(Int(count)))
    }
}
