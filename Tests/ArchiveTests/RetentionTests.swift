import GRDB
import Testing
import XMPP

@testable import Archive
@testable import MUC

@Suite struct RetentionTests {
    let scratch = Scratch()

    /// `count` messages in each room, one after the other.
    private func filled(_ retention: Retention, _ counts: KeyValuePairs<String, Int>) throws -> Archive {
        let archive = try scratch.open(retention, history: 10_000)
        var number = 0
        for (room, count) in counts {
            archive.perform(.save(Samples.state(room)))
            for _ in 0..<count {
                archive.perform(.store(Samples.message(number, room: room)))
                number += 1
            }
        }
        #expect(try scratch.settle(archive))
        return archive
    }

    private func ids(_ room: String, _ archive: Archive) throws -> [StanzaID] {
        try scratch.load(room, from: archive)?.history.map(\.id) ?? []
    }

    @Test func withoutBoundsAllIsKept() throws {
        let archive = try filled(Retention(), ["balcony": 700])
        try scratch.prune(archive, now: .max / 2)
        #expect(try ids("balcony", archive).count == 700)
    }

    @Test func whatIsTooOldGoes() throws {
        let archive = try filled(Retention(maximumAge: 100_000), ["balcony": 1_000, "crypt": 1_000])
        try scratch.prune(archive, now: Samples.start + 1_500_000)
        #expect(try ids("balcony", archive).isEmpty)
        #expect(try ids("crypt", archive).first == Samples.id(1_400))
        #expect(try ids("crypt", archive).count == 600)
    }

    @Test func aRoomKeepsItsNewest() throws {
        let archive = try filled(Retention(messagesPerRoom: 100), ["balcony": 1_234, "crypt": 50])
        try scratch.prune(archive, now: 0)
        #expect(try ids("balcony", archive) == (1_134..<1_234).map(Samples.id))
        #expect(try ids("crypt", archive).count == 50)
    }

    @Test func allRoomsTogetherKeepTheNewest() throws {
        let archive = try filled(Retention(messages: 150), ["balcony": 700, "crypt": 100])
        try scratch.prune(archive, now: 0)
        #expect(try ids("balcony", archive) == (650..<700).map(Samples.id))
        #expect(try ids("crypt", archive).count == 100)
    }

    @Test func idsAreNeverGivenTwiceAlsoWhenAllIsGone() throws {
        let archive = try filled(Retention(maximumAge: 1), ["balcony": 10])
        try scratch.prune(archive, now: .max / 2)
        #expect(try ids("balcony", archive).isEmpty)
        archive.close()
        #expect(try scratch.open().lastID == Samples.id(9))
    }

    @Test func wrongCountsPutThemselvesRight() throws {
        let archive = try filled(Retention(messagesPerRoom: 100, messages: 500), ["balcony": 10])
        archive.close()
        try DatabaseQueue(path: scratch.path).write { try $0.execute(sql: "UPDATE rooms SET messages = 1000000") }
        let again = try scratch.open(Retention(messagesPerRoom: 100, messages: 500))
        try scratch.prune(again, now: 0)
        again.close()
        let count = try DatabaseQueue(path: scratch.path).read {
            try Int.fetchOne($0, sql: "SELECT messages FROM rooms")
        }
        #expect(count == 0 || count == 10)
        #expect(
            count
                == (try DatabaseQueue(path: scratch.path).read {
                    try Int.fetchOne($0, sql: "SELECT count(*) FROM messages")
                }))
    }

    @Test func writersDoNotWaitForTheDeleting() throws {
        let archive = try filled(Retention(messagesPerRoom: 10), ["balcony": 5_000])
        archive.prune(now: 0)
        archive.perform(.store(Samples.message(6_000)))
        // The message is written between two steps, long before all of them are done.
        var steps = 0
        try scratch.wait { report in
            if case .pruned = report { steps += 1 }
            if case .stored(let messages, true) = report, messages.last?.id == Samples.id(6_000) { return () }
            return nil
        }
        #expect(steps == 0)
        try scratch.wait { if case .pruned = $0 { () } else { nil } }
        #expect(try ids("balcony", archive).count == 10)
    }
}
