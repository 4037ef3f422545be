import GRDB
import Testing
import XMPP

@testable import Archive
@testable import MUC

@Suite struct MessageIndexTests {
    let scratch = Scratch()

    /// A stretch that is in the index, and twenty messages behind it: Romeo and the Nurse by turns.
    private func acrossTheSeam() throws -> Archive {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        archive.perform(.save(Samples.state("crypt")))
        for numbers in [0..<300, 300..<320] {
            for number in numbers {
                archive.perform(.store(Samples.message(number, nick: number % 2 == 0 ? "Romeo" : "Nurse")))
                archive.perform(.store(Samples.message(1_000 + number, room: "crypt")))
            }
            #expect(try scratch.settle(archive))
        }
        return archive
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        let queue = try DatabaseQueue(path: scratch.path)
        return try queue.read(body)
    }

    private func numbers(
        _ archive: Archive, _ change: (inout ArchiveQuery) -> Void
    ) throws -> (numbers: [Int], isComplete: Bool) {
        var query = ArchiveQuery(room: "balcony", max: 1_000)
        change(&query)
        guard case .page(let messages, let isComplete, _) = try scratch.find(query, in: archive) else {
            throw Scratch.Missing()
        }
        return (messages.map { Int(($0.time - Samples.start) / 1_000) }, isComplete)
    }

    @Test(arguments: [nil, "Romeo", "Nurse"])
    func pagesAreWholeAcrossTheEndOfTheIndex(nick: String?) throws {
        let archive = try acrossTheSeam()
        let all = (0..<320).filter { nick == nil || ($0 % 2 == 0) == (nick == "Romeo") }
        #expect(try numbers(archive) { $0.nick = nick } == (all, true))
        var forwards: [Int] = []
        var backwards: [Int] = []
        var isComplete = false
        while !isComplete {
            let page = try numbers(archive) {
                $0.nick = nick
                $0.max = 7
                $0.page = .after(forwards.last.map(Samples.id))
            }
            forwards += page.numbers
            isComplete = page.isComplete
        }
        isComplete = false
        while !isComplete {
            let page = try numbers(archive) {
                $0.occupantID = nick.map { "id-of-\($0)" }
                $0.max = 7
                $0.page = .before(backwards.first.map(Samples.id))
            }
            backwards = page.numbers + backwards
            isComplete = page.isComplete
        }
        #expect(forwards == all && backwards == all)
    }

    @Test func aCountIsOfBothSidesOfTheSeam() throws {
        let archive = try acrossTheSeam()
        for (nick, expected) in [(nil, 320), ("Romeo", 160), ("Paris", 0)] as [(String?, Int)] {
            var query = ArchiveQuery(room: "balcony", max: 0)
            query.nick = nick
            guard case .page(_, _, let count) = try scratch.find(query, in: archive) else { throw Scratch.Missing() }
            #expect(count == expected)
        }
    }

    @Test func anArchiveThatWasKilledGoesOnWhereItsIndexEnded() throws {
        // Not closed: as after a kill.
        let killed = try acrossTheSeam()
        let again = try scratch.open()
        for number in 320..<700 { again.perform(.store(Samples.message(number))) }
        #expect(try scratch.settle(again))
        #expect(try numbers(again) { _ in }.numbers == Array(0..<700))
        #expect(try scratch.load("balcony", from: again)?.state.lastMessage == Samples.start + 699_000)
        withExtendedLifetime(killed) {}
    }

    @Test func everyMessageUpToTheEndOfTheIndexHasItsThreeEntries() throws {
        let archive = try acrossTheSeam()
        archive.close()
        try read { database in
            let progress = try MessageIndex.progress(in: database)
            let behind = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM messages WHERE id > ?", arguments: [progress.last])
            let entries = try Int.fetchOne(database, sql: "SELECT count(*) FROM message_index")
            let counted = try Int.fetchOne(database, sql: "SELECT total(messages) FROM rooms")
            #expect(progress.waiting == behind && progress.waiting < 256)
            #expect(counted == 640 - progress.waiting && entries == 3 * (640 - progress.waiting))
        }
    }

    @Test func aMessageWithAnIDBelowTheEndOfTheIndexIsFoundToo() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        for number in 0..<600 where number != 100 { archive.perform(.store(Samples.message(number))) }
        #expect(try scratch.settle(archive))
        archive.perform(.store(Samples.message(100)))
        #expect(try scratch.settle(archive))
        #expect(try numbers(archive) { $0.nick = "Romeo" }.numbers == Array(0..<600))
    }

    @Test func whatIsDeletedLeavesNoEntries() throws {
        let archive = try scratch.open(Retention(messagesPerRoom: 10))
        archive.perform(.save(Samples.state()))
        for number in 0..<700 { archive.perform(.store(Samples.message(number))) }
        try scratch.prune(archive, now: 0)
        archive.close()
        #expect(try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message_index") } == 30)
    }

    @Test(arguments: [nil, "Romeo"])
    func aPageIsReadInTheOrderOfTheIndex(nick: String?) throws {
        try scratch.open().close()
        var query = ArchiveQuery(room: "balcony", max: 10)
        query.nick = nick
        query.start = Samples.start
        let selection = MessageSelection(query, room: 1)
        let plan = try read {
            try Row.fetchAll(
                $0, sql: "EXPLAIN QUERY PLAN \(selection.sql) ORDER BY id DESC LIMIT 10",
                arguments: selection.arguments
            ).map { $0["detail"] as String }
        }
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        #expect(plan.contains { $0.contains("SEARCH entries USING PRIMARY KEY (key=? AND id>?)") }, "\(plan)")
    }

    @Test func anArchiveOfTheFirstVersionGetsItsIndex() throws {
        let old = try DatabaseQueue(path: scratch.path)
        try Schema.migrator.migrate(old, upTo: "1: rooms and messages")
        try old.write { database in
            try database.execute(
                sql: """
                    INSERT INTO rooms (localpart, name, configuration, is_persistent, created, messages)
                    VALUES ('balcony', 'Balcony', '{}', 1, 0, 3000)
                    """)
            for number in 0..<3_000 {
                try database.execute(
                    sql: """
                        INSERT INTO messages (room, id, time, kind, nick, occupant, stanza)
                        VALUES (1, ?, ?, 0, 'Romeo', 'o', '<message xmlns="jabber:client"/>')
                        """,
                    arguments: [Int64(Samples.id(number).value), Samples.start + Int64(number) * 1_000])
            }
        }
        try old.close()
        let archive = try scratch.open(Retention(messagesPerRoom: 2_999))
        let romeos = try numbers(archive) {
            $0.nick = "Romeo"
            $0.max = 5_000
        }
        #expect(romeos.numbers == Array(0..<3_000))
        try scratch.prune(archive, now: 0)
        #expect(try numbers(archive) { $0.max = 5_000 }.numbers == Array(1..<3_000))
    }

    @Test func deletingThatFailedIsBegunAgain() throws {
        let archive = try scratch.open(Retention(messagesPerRoom: 10))
        archive.perform(.save(Samples.state()))
        for number in 0..<100 { archive.perform(.store(Samples.message(number))) }
        #expect(try scratch.settle(archive))
        try archive.whileWritingFails { try scratch.prune(archive, now: 0) }
        try scratch.prune(archive, now: 0)
        #expect(try scratch.load("balcony", from: archive)?.history.count == 10)
    }
}
