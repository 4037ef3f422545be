import Foundation
import Logging
import MUC
import Testing
import XMPP

@testable import SamepageServer

@Suite final class ModerationFileTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "moderation-\(UUID().uuidString)")
    private var path: String { directory.appending(path: "moderation").path }
    private let now: Int64 = 1_795_363_200_000

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func open(acts: Int = 100) -> ModerationFile {
        ModerationFile(path: path, acts: acts, logger: Logger(label: "test"))
    }

    private func ban(_ id: Int, until: Int64? = nil) throws -> Ban {
        var ban = Ban(
            id: id, person: try #require(JID("tybalt@verona.example")), scope: .room("balcony"),
            actor: try #require(JID("romeo@verona.example")), since: now)
        ban.networks = ["a1", "b2"]
        ban.networksUntil = now + 1_000
        ban.reason = "brawling \"in\" the\nstreet é"
        ban.until = until
        return ban
    }

    private func act(_ id: Int) -> ModerationAct {
        var act = ModerationAct(id: id, time: now, kind: .slowMode, room: nil)
        act.actor = JID("romeo@verona.example")
        act.target = "x"
        act.before = "0"
        act.isUndone = true
        return act
    }

    @Test func whatWasKeptIsThereAgain() throws {
        let file = open()
        _ = try file.load(now: now)
        for id in 1...3 { file.keep(.ban(try ban(id))) }
        file.keep(.lifted(2))
        file.keep(.act(act(4)))
        file.flush()
        let memory = try open().load(now: now)
        #expect(memory.bans == [1: try ban(1), 3: try ban(3)])
        #expect(memory.acts == [act(4)])
    }

    @Test func bansThatHaveEndedAreForgotten() throws {
        let file = open()
        _ = try file.load(now: now)
        file.keep(.ban(try ban(1, until: now + 500)))
        file.flush()
        #expect(try open().load(now: now + 499).bans.count == 1)
        #expect(try open().load(now: now + 500).bans.isEmpty)
    }

    @Test func linesThatAreDamagedCountForNothing() throws {
        let file = open()
        _ = try file.load(now: now)
        file.keep(.ban(try ban(1)))
        file.flush()
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(
            contentsOf: Data(
                "nonsense\n{\"ban\":{\"id\":7}}\n{\"act\":{\"id\":9,\"time\":1,\"kind\":\"dance\"}}\n{\"lif".utf8))
        try handle.close()
        let again = open()
        #expect(try again.load(now: now).bans.count == 1)
        // And the next line is not spoiled by half a one.
        again.keep(.ban(try ban(2)))
        again.flush()
        #expect(try open().load(now: now).bans.count == 2)
    }

    @Test func theFileDoesNotGrowWithoutBound() throws {
        let file = open(acts: 10)
        _ = try file.load(now: now)
        for id in 1...5_000 { file.keep(.act(act(id))) }
        file.flush()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
        #expect(lines < 2_000)
        #expect(try open(acts: 10).load(now: now).acts.map(\.id) == Array(4_991...5_000))
    }
}
