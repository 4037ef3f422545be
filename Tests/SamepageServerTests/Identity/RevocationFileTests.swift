import Foundation
import Testing

@testable import SamepageServer

struct RevocationFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

    private var path: String { folder + "/revocations" }

    private func withFolder(_ body: (RevocationFile) async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(RevocationFile(path: path))
    }

    private func append(_ line: String, to file: RevocationFile) async -> Bool {
        await withCheckedContinuation { done in file.append(line) { done.resume(returning: $0) } }
    }

    private func replace(_ text: String, in file: RevocationFile) async -> Bool {
        await withCheckedContinuation { done in file.replace(with: text) { done.resume(returning: $0) } }
    }

    @Test func linesAreAddedInOrderAndReadAgain() async throws {
        try await withFolder { file in
            let before = try file.read()
            #expect(before == nil)
            for line in ["a\n", "b\n", "c\n"] { #expect(await append(line, to: file)) }
            let text = try RevocationFile(path: path).read()
            #expect(text == "a\nb\nc\n")
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func aNewFileTakesThePlaceOfTheOldOneAsAWhole() async throws {
        try await withFolder { file in
            #expect(await append("old\n", to: file))
            #expect(await replace("new\n", in: file))
            #expect(await append("newer\n", to: file))
            let text = try file.read()
            #expect(text == "new\nnewer\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["revocations"])
        }
    }

    @Test func whatCannotBeWrittenOrReadIsTold() async throws {
        try await withFolder { file in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            #expect(await append("x\n", to: file) == false)
            #expect(await replace("x\n", in: file) == false)
            #expect(throws: DataDirectory.Failure.self) { _ = try file.read() }
        }
    }
}
