import GRDB
import Testing
import XMPP

@testable import Archive
@testable import MUC

@Suite struct ModerationRowsTests {
    let scratch = Scratch()
    private let now = Samples.start

    private func ban(_ id: Int, since: Int64? = nil, until: Int64? = nil) throws -> Ban {
        var ban = Ban(
            id: id, person: try #require(JID("tybalt@verona.example")), scope: .room("balcony"),
            actor: try #require(JID("romeo@verona.example")), since: since ?? now)
        ban.networks = ["a1", "b2"]
        ban.networksUntil = now + 1_000
        ban.reason = "brawling \"in\" the\nstreet é"
        ban.until = until
        return ban
    }

    private func act(_ id: Int, _ kind: ModerationAct.Kind = .slowMode) -> ModerationAct {
        var act = ModerationAct(id: id, time: now, kind: kind, room: nil)
        act.actor = JID("romeo@verona.example")
        act.isUndone = true
        return act
    }

    private func kept(_ archive: Archive) throws -> [ModerationRecord] {
        #expect(try scratch.settle(archive))
        return try archive.moderation().records
    }

    @Test func whatModeratorsDidIsThereAfterTheNextStart() throws {
        let archive = try scratch.open()
        for id in 1...3 { archive.keep(.ban(try ban(id))) }
        archive.keep(.lifted(2))
        archive.keep(.act(act(4)))
        #expect(try scratch.settle(archive))
        archive.close()
        let expected: [ModerationRecord] = [.act(act(4)), .ban(try ban(1)), .ban(try ban(3))]
        #expect(try scratch.open().moderation().records == expected)
    }

    @Test func anActThatIsUndoneTakesThePlaceOfItself() throws {
        let archive = try scratch.open()
        var done = act(1)
        done.isUndone = false
        archive.keep(.act(done))
        archive.keep(.act(act(1)))
        #expect(try kept(archive) == [.act(act(1))])
    }

    @Test func bansThatHaveEndedAreDeletedWithTheNext() throws {
        let archive = try scratch.open()
        archive.keep(.ban(try ban(1, until: now + 10)))
        archive.keep(.ban(try ban(2, until: now + 1_000)))
        archive.keep(.ban(try ban(3, since: now + 10)))
        #expect(try kept(archive) == [.ban(try ban(2, until: now + 1_000)), .ban(try ban(3, since: now + 10))])
    }

    @Test func theLogDoesNotGrowWithoutBound() throws {
        let archive = try scratch.open(acts: 10)
        for id in 1...1_000 { archive.keep(.act(act(id))) }
        #expect(try kept(archive) == (991...1_000).map { .act(act($0)) })
        archive.close()
        let rows = try DatabaseQueue(path: scratch.path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM acts") }
        #expect((rows ?? 0) < 100)
    }

    @Test func rowsThatAreDamagedCountForNothing() throws {
        let archive = try scratch.open()
        archive.keep(.ban(try ban(1)))
        #expect(try scratch.settle(archive))
        archive.close()
        try DatabaseQueue(path: scratch.path).write {
            try $0.execute(sql: "INSERT INTO acts VALUES (7, 'nonsense'), (8, '{\"act\":{\"id\":8}}')")
        }
        let found = try scratch.open().moderation()
        #expect(found.records == [.ban(try ban(1))] && found.unreadable == 2)
    }

    @Test func whatWasKeptElsewhereGetsNumbersOfItsOwn() throws {
        let archive = try scratch.open()
        archive.keep(.ban(try ban(5)))
        archive.keep(.act(act(7)))
        #expect(try scratch.settle(archive))
        var banned = act(2, .ban)
        banned.after = "1"
        var undone = act(3, .undo)
        undone.before = "2"
        try archive.adopt([.act(banned), .act(undone), .ban(try ban(1))])
        banned.id = 9
        banned.after = "8"
        undone.id = 10
        undone.before = "9"
        let expected: [ModerationRecord] = [
            .act(act(7)), .act(banned), .act(undone), .ban(try ban(5)), .ban(try ban(8)),
        ]
        #expect(try kept(archive) == expected)
    }

    @Test func aBackupHasIt() throws {
        let archive = try scratch.open()
        archive.keep(.ban(try ban(1)))
        #expect(try scratch.settle(archive))
        let other = Scratch()
        try ArchiveCopy.write(from: scratch.directory, to: other.path)
        #expect(try other.open().moderation().records == [.ban(try ban(1))])
    }
}
