import Foundation
import Testing

@testable import SamepageServer

struct DataDirectoryTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

    @Test func aSecondProcessOnTheSameDirectoryIsRefused() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try DataDirectory(path: path)
        #expect(throws: DataDirectory.Failure.self) { _ = try DataDirectory(path: path) }
        _ = first.path
    }

    @Test func theSecretOutlivesTheProcessAndNobodyElseMayReadIt() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let code = try DataDirectory(path: path).key.authenticationCode("x", length: 16)
        #expect(try DataDirectory(path: path).key.authenticationCode("x", length: 16) == code)
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/secret.key")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test func aDamagedSecretIsReportedNotReplaced() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try DataDirectory(path: path).path
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path + "/secret.key"))
        #expect(throws: DataDirectory.Failure.self) { _ = try DataDirectory(path: path) }
    }
}
