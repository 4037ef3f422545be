import Foundation
import GRDB
import Testing
import XMPP

@testable import Archive
@testable import MUC

@Suite struct ArchiveTests {
    let scratch = Scratch()

    @Test func whatWasStoredIsThereAfterTheNextStart() throws {
        var state = Samples.state()
        let paris = try #require(JID("paris@verona.example"))
        state.affiliations[paris] = AffiliationEntry(
            .outcast, reason: "feud", actor: JID("romeo@verona.example"), since: 7)
        state.affiliations[try #require(JID("nurse@verona.example"))] = AffiliationEntry(.member, nick: "Nurse")
        let archive = try scratch.open()
        archive.perform(.save(state))
        for number in 0..<5 { archive.perform(.store(Samples.message(number))) }
        #expect(try scratch.settle(archive))
        archive.close()

        let again = try scratch.open()
        state.lastMessage = Samples.start + 4_000
        let room = try #require(try scratch.load("balcony", from: again))
        #expect(room.state == state)
        #expect(room.history == (0..<5).map { Samples.message($0) })
        #expect(again.lastID == Samples.id(4))
        #expect(try scratch.load("crypt", from: again) == nil)
    }

    @Test func whatIsAskedForComesAfterWhatIsWrittenBefore() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        for number in 0..<500 { archive.perform(.store(Samples.message(number))) }
        let last = try scratch.load("balcony", from: archive)?.history.last
        #expect(last == Samples.message(499))
    }

    @Test func aRoomComesWithItsLastMessagesThatHaveABody() throws {
        let archive = try scratch.open(history: 3)
        archive.perform(.save(Samples.state()))
        for number in 0..<10 {
            archive.perform(.store(Samples.message(number, kind: number % 2 == 0 ? .spoken : .reference)))
        }
        let room = try #require(try scratch.load("balcony", from: archive))
        #expect(room.history.map(\.id) == [4, 6, 8].map(Samples.id))
    }

    @Test func changesAreKept() throws {
        let archive = try scratch.open()
        let paris = try #require(JID("paris@verona.example"))
        archive.perform(.save(Samples.state()))
        archive.keep(.affiliation(paris, AffiliationEntry(.outcast, reason: "feud")), room: "balcony")
        #expect(try scratch.load("balcony", from: archive)?.state.affiliations[paris]?.reason == "feud")
        archive.keep(.affiliation(paris, nil), room: "balcony")
        var configuration = RoomConfiguration(name: "Another name")
        configuration.isPersistent = true
        archive.keep(.configuration(configuration), room: "balcony")
        let subject = Stanza(.message, type: "groupchat", [Element("subject", Namespace.client, text: "moon")])
        archive.keep(.subject(subject), room: "balcony")
        let state = try #require(try scratch.load("balcony", from: archive)?.state)
        #expect(state.affiliations.isEmpty && state.configuration == configuration && state.subject == subject)
        archive.keep(.subject(nil), room: "balcony")
        #expect(try scratch.load("balcony", from: archive)?.state.subject == nil)
    }

    @Test func aMessageThatSetsTheSubjectIsKeptWithIt() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        let message = Samples.message(1, kind: .subject, [Element("subject", Namespace.client, text: "the moon")])
        archive.perform(.store(message))
        let state = try #require(try scratch.load("balcony", from: archive)?.state)
        #expect(state.subject == message.rememberedSubject)
    }

    @Test func aRetractedMessageLeavesATombstoneInItsPlace() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        let stanzaID = Element("stanza-id", Namespace.stanzaIDs, ["id": Samples.id(1).description])
        let secret = Samples.message(1, [Element("body", Namespace.client, text: "secret"), stanzaID])
        archive.perform(.store(secret))
        let retracted = Element("retracted", "urn:xmpp:message-retract:1", ["stamp": "now"])
        let tombstone = Tombstone(retracted: retracted)
        for room in ["crypt", "balcony"] {
            archive.keep(
                .retraction(stanzaID: secret.id.description, author: nil, tombstone: tombstone), room: room)
        }
        guard case .page(let messages, _, _) = try scratch.find(ArchiveQuery(room: "balcony", max: 10), in: archive)
        else { throw Scratch.Missing() }
        #expect(messages.map(\.kind) == [.tombstone] && messages.map(\.nick) == ["Romeo"])
        #expect(messages.first?.stanza.payload == [stanzaID, retracted])
        #expect(try scratch.load("balcony", from: archive)?.history.map(\.kind) == [.tombstone])
        archive.close()
        let file = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
        #expect(file.range(of: Data("secret".utf8)) == nil)
    }

    @Test func anAuthorRetractsOwnMessagesOnly() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        let message = Samples.message(1)
        archive.perform(.store(message))
        let tombstone = Tombstone(retracted: Element("retracted", "urn:xmpp:message-retract:1"))
        func kinds(after author: String) throws -> [ArchivedMessage.Kind]? {
            archive.keep(
                .retraction(stanzaID: message.id.description, author: author, tombstone: tombstone), room: "balcony")
            return try scratch.load("balcony", from: archive)?.history.map(\.kind)
        }
        #expect(try kinds(after: "somebody-else") == [.spoken])
        #expect(try kinds(after: message.occupantID) == [.tombstone])
    }

    @Test func aDestroyedRoomIsGoneAtOnceAndItsMessagesSoon() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        for number in 0..<1_200 { archive.perform(.store(Samples.message(number))) }
        archive.keep(.destroyed, room: "balcony")
        #expect(try scratch.load("balcony", from: archive) == nil)
        archive.perform(.save(Samples.state(name: "Anew")))
        archive.perform(.store(Samples.message(2_000)))
        try scratch.prune(archive, now: Samples.start)
        let room = try #require(try scratch.load("balcony", from: archive))
        #expect(room.state.configuration.name == "Anew" && room.history.map(\.id) == [Samples.id(2_000)])
        archive.close()
        let counts = try DatabaseQueue(path: scratch.path).read { database in
            try [
                Int.fetchOne(database, sql: "SELECT count(*) FROM messages"),
                Int.fetchOne(database, sql: "SELECT count(*) FROM rooms"),
            ]
        }
        #expect(counts == [1, 1])
    }

    @Test func temporaryRoomsOfAFormerRunAreGone() throws {
        var state = Samples.state()
        state.configuration.isPersistent = false
        let archive = try scratch.open()
        archive.perform(.save(state))
        #expect(try scratch.load("balcony", from: archive) != nil)
        archive.close()
        #expect(try scratch.load("balcony", from: try scratch.open()) == nil)
    }

    @Test func aFullDiskFailsWhatIsWrittenAndItHealsByItself() throws {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        #expect(try scratch.settle(archive))
        try archive.limitPages(to: 40)
        let large = Element("body", Namespace.client, text: String(repeating: "x", count: 50_000))
        for number in 0..<10 {
            archive.perform(.store(Samples.message(number, [large])))
            _ = try scratch.settle(archive)
        }
        archive.perform(.store(Samples.message(20, [large])))
        #expect(try !scratch.settle(archive))
        try archive.limitPages(to: 1_000_000)
        archive.perform(.store(Samples.message(21)))
        #expect(try scratch.settle(archive))
        guard case .page(let messages, _, _) = try scratch.find(ArchiveQuery(room: "balcony", max: 100), in: archive)
        else { throw Scratch.Missing() }
        #expect(messages.last?.id == Samples.id(21) && !messages.contains { $0.id == Samples.id(20) })
    }

    @Test func failingAndRecoveringAreReportedOnce() throws {
        let archive = try scratch.open()
        archive.perform(.store(Samples.message(1)))
        for _ in 0..<3 { archive.perform(.store(Samples.message(1))) }
        let failure = try scratch.wait { if case .health(let failure) = $0 { failure } else { nil } }
        #expect(failure.contains(scratch.path) == true)
        _ = try scratch.settle(archive)
        archive.perform(.store(Samples.message(2)))
        try scratch.wait { if case .health(nil) = $0 { () } else { nil } }
    }

    @Test func onlyTheServerReadsTheFile() throws {
        _ = try scratch.open()
        for file in try FileManager.default.contentsOfDirectory(atPath: scratch.directory) {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.directory + "/" + file)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
    }

    @Test func aDatabaseFromTheFutureIsNotTouched() throws {
        try scratch.open().close()
        let future = try DatabaseQueue(path: scratch.path)
        try future.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9: telepathy')") }
        try future.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
        let failure = #expect(throws: ArchiveFailure.self) { try scratch.open() }
        #expect(failure?.description.contains("newer version") == true, "\(failure?.description ?? "")")
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == before)
    }

    @Test func whatIsNoDatabaseIsTold() throws {
        try Data("not a database, but long enough to be taken for one".utf8).write(
            to: URL(fileURLWithPath: scratch.path))
        let failure = #expect(throws: ArchiveFailure.self) { try scratch.open() }
        #expect(failure?.description.contains("no database") == true)
    }
}
