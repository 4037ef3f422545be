import GRDB
import Testing
import XMPP

@testable import Archive
@testable import MUC

/// What nobody would decide again is written as soon as it can be.
@Suite struct OwedWritesTests {
    let scratch = Scratch()

    private func filled() throws -> Archive {
        let archive = try scratch.open()
        archive.perform(.save(Samples.state()))
        for number in 0..<3 { archive.perform(.store(Samples.message(number))) }
        #expect(try scratch.settle(archive))
        return archive
    }

    private func whileBroken(_ archive: Archive, _ body: () throws -> Void) throws {
        try archive.whileWritingFails {
            try body()
            _ = try scratch.settle(archive)
        }
    }

    @Test func aRoomThatCouldNotBeDestroyedIsGoneAllTheSame() throws {
        let archive = try filled()
        try whileBroken(archive) {
            archive.keep(.destroyed, room: "balcony")
            let room = try scratch.load("balcony", from: archive)
            #expect(room == nil)
        }
        archive.tryAgain()
        #expect(try scratch.settle(archive))
        archive.close()
        let again = try scratch.open()
        #expect(try scratch.load("balcony", from: again) == nil)
    }

    @Test func aNewRoomInThePlaceOfOneThatCouldNotBeDestroyedHasNothingOfIt() throws {
        let archive = try filled()
        try whileBroken(archive) { archive.keep(.destroyed, room: "balcony") }
        archive.perform(.save(Samples.state(name: "Anew")))
        let room = try #require(try scratch.load("balcony", from: archive))
        #expect(room.state.configuration.name == "Anew" && room.history.isEmpty)
    }

    @Test func aRetractionThatCouldNotBeWrittenIsWrittenLater() throws {
        let archive = try filled()
        let tombstone = Tombstone(retracted: Element("retracted", "urn:xmpp:message-retract:1"))
        try whileBroken(archive) {
            archive.keep(
                .retraction(stanzaID: Samples.id(1).description, author: nil, tombstone: tombstone), room: "balcony")
        }
        archive.tryAgain()
        #expect(try scratch.load("balcony", from: archive)?.history.map(\.kind) == [.spoken, .tombstone, .spoken])
    }

    @Test func aBanThatCouldNotBeWrittenIsWrittenInItsPlace() throws {
        let archive = try filled()
        let person = try #require(JID("tybalt@verona.example"))
        func ban(_ id: Int) -> Ban { Ban(id: id, person: person, scope: .site, actor: person, since: 0) }
        try whileBroken(archive) {
            archive.keep(.ban(ban(1)))
            archive.keep(.ban(ban(2)))
        }
        // Not overtaken by what comes later.
        archive.keep(.lifted(1))
        #expect(try scratch.settle(archive))
        #expect(try archive.moderation().records == [.ban(ban(2))])
    }

    @Test func nothingIsOwedForMessages() throws {
        let archive = try filled()
        try whileBroken(archive) { archive.perform(.store(Samples.message(7))) }
        archive.tryAgain()
        #expect(try scratch.load("balcony", from: archive)?.history.count == 3)
    }

    @Test func itIsWrittenAtTheEndAtTheLatest() throws {
        let archive = try filled()
        try whileBroken(archive) { archive.keep(.destroyed, room: "balcony") }
        archive.close()
        let again = try scratch.open()
        #expect(try scratch.load("balcony", from: again) == nil)
    }

    @Test func thereIsABound() {
        var owed = OwedWrites()
        let many = Array(repeating: ArchiveWrite.change(.destroyed, room: "balcony"), count: 10_050)
        #expect(owed.append(many) == 50)
        #expect(owed.append([.message(Samples.message(1))]) == 0 && owed.writes.count == 10_000)
    }
}
