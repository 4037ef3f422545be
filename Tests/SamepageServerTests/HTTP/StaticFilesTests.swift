import Foundation
import Testing
import WebWire

@testable import SamepageServer

struct StaticFilesTests {
    /// A directory of files for one test.
    private final class Directory {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

        init(_ files: [String: String]) throws {
            for (name, text) in files {
                let url = path.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            }
        }

        deinit { try? FileManager.default.removeItem(at: path) }
    }

    private func get(_ path: String, _ files: StaticFiles, _ headers: HTTPHeaders = [:]) -> HTTPResponse {
        files.answer(
            HTTPRequest(
                method: "GET", target: path, host: nil, minorVersion: 1, headers: headers, body: [], keepAlive: true))
    }

    private let tree = [
        "embed.js": String(repeating: "let x;\n", count: 100), "index.html": "<p>", "demo/index.html": "<h1>",
        "demo/tides.html": "<h2>", "samepage/chat.js": "1", ".secret": "no",
    ]

    @Test(arguments: [
        ("the root", "/", 200), ("a file", "/embed.js", 200), ("a directory", "/demo", 200),
        ("a directory with slash", "/demo/", 200), ("a page without ending", "/demo/tides", 200),
        ("nothing", "/none", 404), ("a hidden file", "/.secret", 404), ("parent", "/../etc/passwd", 404),
        ("encoded parent", "/%2e%2e/etc/passwd", 404), ("doubly encoded", "/%252e%252e/etc/passwd", 404),
        ("unicode escape", "/%u002e%u002e/etc/passwd", 404), ("backslash", "/..\\etc", 404),
        ("NUL", "/embed.js%00.html", 404), ("double slash", "//embed.js", 404),
    ])
    func whatIsFound(_ name: String, _ path: String, _ status: Int) throws {
        let directory = try Directory(tree)
        let files = try StaticFiles(directory: directory.path.path)
        #expect(get(path, files).status.code == status, "\(name)")
    }

    @Test func symbolicLinksAreNotFollowed() throws {
        let directory = try Directory(tree)
        try FileManager.default.createSymbolicLink(
            at: directory.path.appendingPathComponent("link.txt"),
            withDestinationURL: URL(fileURLWithPath: "/etc/passwd"))
        let files = try StaticFiles(directory: directory.path.path)
        #expect(get("/link.txt", files).status.code == 404)
    }

    @Test func linesOfScriptsAreServedWithoutIndentationAndEmptyWhereTheyAreOnlyComment() throws {
        let source = """
            /** What it does. */
            let a = 1; // why
              // a line
            /*
             * several
             */
              let b = 'http://example.org/*'; /* and so on */
            `* { all: unset }`

            """
        let directory = try Directory(["embed.js": source, "samepage/chat.css": "/* a */"])
        let files = try StaticFiles(directory: directory.path.path)
        let served = String(decoding: get("/embed.js", files).body, as: UTF8.self)
        #expect(
            served.split(separator: "\n", omittingEmptySubsequences: false) == [
                "", "let a = 1; // why", "", "", "", "", "let b = 'http://example.org/*'; /* and so on */",
                "`* { all: unset }`", "",
            ])
        #expect(get("/samepage/chat.css", files).body == Array("/* a */".utf8))
    }

    @Test func aKnownTagIsNotSentAgain() throws {
        let directory = try Directory(tree)
        let files = try StaticFiles(directory: directory.path.path)
        let tag = try #require(get("/embed.js", files).headers.first("ETag"))
        let answer = get("/embed.js", files, ["If-None-Match": tag])
        #expect(answer.status.code == 304)
        #expect(answer.body.isEmpty)
    }

    @Test func whoTakesGzipGetsItAndItIsSmaller() throws {
        let directory = try Directory(tree)
        let files = try StaticFiles(directory: directory.path.path)
        let plain = get("/embed.js", files)
        let packed = get("/embed.js", files, ["Accept-Encoding": "gzip, br"])
        #expect(packed.headers.first("Content-Encoding") == "gzip")
        #expect(packed.body.count < plain.body.count)
        #expect(packed.body.starts(with: [0x1F, 0x8B]))
    }

    @Test func modulesAreAlsoUnderAVersionThatNeverChangesItsContent() throws {
        let directory = try Directory(tree)
        let files = try StaticFiles(directory: directory.path.path)
        let answer = get(files.assetPath + "chat.js", files)
        #expect(answer.status.code == 200)
        #expect(answer.headers.first("Cache-Control")?.contains("immutable") == true)
        let other = try Directory(tree.merging(["samepage/chat.js": "2"]) { $1 })
        #expect(try StaticFiles(directory: other.path.path).assetPath != files.assetPath)
    }

    @Test func pagesHaveAStrictPolicy() throws {
        let directory = try Directory(tree)
        let policy = get("/", try StaticFiles(directory: directory.path.path)).headers.first("Content-Security-Policy")
        #expect(policy?.contains("default-src 'none'") == true)
        #expect(policy?.contains("unsafe") == false)
    }

    @Test func aDirectoryWithoutTheWidgetIsRefused() throws {
        let directory = try Directory(["index.html": ""])
        #expect(throws: StaticFiles.Failure.self) { try StaticFiles(directory: directory.path.path) }
    }
}
