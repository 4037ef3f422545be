import Testing
import XMPP

@testable import MUC

/// Archive before reflect: nobody hears what is not kept, and the order is that of the stanzas.
@Suite struct OutboxTests: Verona {
    let stage = Stage(archive: true) { $0.archiveQueue = 4 }
    let archive: StageArchive

    init() {
        archive = StageArchive(stage)
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet")] {
            actor.joins(nick)
            archive.work()
        }
        _ = (romeo.gets(), juliet.gets())
    }

    @Test func aMessageIsReflectedWhenItIsStored() {
        romeo.says("wherefore?")
        #expect(romeo.hears() == [] && juliet.hears() == [])
        archive.work()
        #expect(romeo.hears() == ["Romeo: wherefore?"] && juliet.hears() == ["Romeo: wherefore?"])
        #expect(archive.messages.map(\.nick) == ["Romeo"])
        #expect(archive.messages.map(\.person) == [Stage.jid("romeo@verona.example")])
    }

    @Test func theStanzaIDIsThatOfTheArchive() throws {
        romeo.says("wherefore?")
        archive.work()
        let id = try #require(juliet.gets().first?.child("stanza-id", Namespace.stanzaIDs)?["id"])
        #expect(StanzaID(id) == archive.messages.first?.id)
    }

    @Test func whoLeavesBeforeItIsStoredHasSaidItBeforeAndHearsItBefore() {
        romeo.says("good night")
        romeo.leaves("Romeo")
        archive.work()
        #expect(juliet.hears() == ["Romeo: good night", "Romeo is gone: none/none"])
        #expect(romeo.hears().prefix(1) == ["Romeo: good night"])
    }

    @Test func whoIsThrownOutOrRenamedBeforeItIsStoredHasSaidItUnderTheOldNick() {
        stage.room()?.setEntry(AffiliationEntry(.owner), of: Stage.jid("juliet@verona.example"))
        juliet.leaves("Juliet")
        juliet.joins("Juliet")
        archive.work()
        _ = (romeo.gets(), juliet.gets())
        romeo.says("one")
        romeo.renames(to: "Montague")
        romeo.says("two")
        juliet.moderates(["nick": "Montague", "role": "none"])
        archive.work()
        #expect(
            romeo.hears() == [
                "Romeo: one", "Romeo is gone: none/none 110 303 <romeo@verona.example/orchard> now Montague",
                "Montague is here: none/participant 110 <romeo@verona.example/orchard>", "Montague: two",
                "Montague is gone: none/none 110 307 <romeo@verona.example/orchard> by Juliet",
            ])
    }

    @Test func aNewcomerGetsWhatIsOnItsWayAsHistoryAndOnlyThat() {
        romeo.says("one")
        nurse.joins("Nurse")
        romeo.says("two")
        archive.step()  // the room's state
        archive.step()
        #expect(
            nurse.hears().dropFirst(2) == [
                "Nurse is here: none/participant 110 170 <nurse@verona.example/door>", "Romeo (earlier): one",
                "nobody sets the subject: ",
            ])
        archive.work()
        #expect(nurse.hears() == ["Romeo: two"])
    }

    @Test func theSubjectChangesWhenItIsStored() {
        stage.room()?.configuration.participantsSetSubject = true
        romeo.setsSubject("the moon")
        nurse.joins("Nurse")
        #expect(stage.room()?.subject == nil)
        archive.work()
        #expect(juliet.hears().first == "Romeo sets the subject: the moon")
        #expect(nurse.hears().last == "Romeo (earlier) sets the subject: the moon")
    }

    @Test func whatCannotBeStoredGoesBackAndNobodyHearsIt() throws {
        archive.isBroken = true
        romeo.says("lost", id: "m1")
        nurse.joins("Nurse")
        archive.work()
        let refusal = try #require(romeo.gets().first)
        #expect(refusal.id == "m1" && Transcript.line(refusal) == "message error resource-constraint/wait")
        #expect(!(juliet.hears() + nurse.hears()).contains { $0.contains("lost") })
        archive.isBroken = false
        romeo.says("found")
        archive.work()
        #expect(nurse.hears() == ["Romeo: found"])
        #expect(stage.room()?.history.count == 1)
    }

    @Test func oneThatFailsInTheMiddleLeavesTheOthersInOrder() {
        romeo.says("one")
        archive.work()
        romeo.says("two")
        archive.isBroken = true
        archive.step()
        archive.isBroken = false
        juliet.says("three")
        archive.work()
        #expect(romeo.hears() == ["Romeo: one", "message error resource-constraint/wait", "Juliet: three"])
    }

    @Test func pastTheQueueMessagesGoBackAtOnce() {
        for number in 0..<6 { romeo.says("\(number)") }
        #expect(romeo.hears() == Array(repeating: "message error resource-constraint/wait", count: 2))
        archive.work()
        #expect(romeo.hears() == (0..<4).map { "Romeo: \($0)" })
        romeo.says("again")
        archive.work()
        #expect(romeo.hears() == ["Romeo: again"])
    }

    @Test func chatStatesKeepTheOrderAndHaveNoID() {
        romeo.says("one")
        romeo.does(.message, "groupchat", [Element("composing", Namespace.chatStates)])
        #expect(juliet.gets().isEmpty)
        archive.work()
        let heard = juliet.gets()
        #expect(heard.map(Transcript.line) == ["Romeo: one", "Romeo sends composing"])
        #expect(heard.last?.child("stanza-id", Namespace.stanzaIDs) == nil)
        #expect(archive.messages.count == 1)
    }

    @Test func reactionsAreKeptButAreNoHistory() {
        romeo.does(.message, "groupchat", [Element("reactions", "urn:xmpp:reactions:0", ["id": "m1"])])
        archive.work()
        #expect(archive.messages.map(\.kind) == [.reference])
        #expect(stage.room()?.history.count == 0)
    }

    @Test func privateMessagesAreNeverStored() {
        romeo.whispers("secret", to: "Juliet")
        #expect(juliet.hears() == ["Romeo whispers: secret"])
        #expect(archive.waiting == 0 && archive.messages.isEmpty)
    }

    @Test func privateMessagesAndAnswersWaitForTheirTurn() {
        romeo.says("to all")
        romeo.whispers("to you", to: "Juliet")
        juliet.asks(Element("ping", Namespace.ping), of: "balcony/Juliet")
        #expect(juliet.hears().isEmpty)
        archive.work()
        #expect(juliet.hears() == ["Romeo: to all", "Romeo whispers: to you", "iq result"])
    }

    @Test func aRoomThatHasMuchToSayTakesNothingMoreButLetsGo() {
        let stage = Stage(archive: true) { $0.heldOutput = 3 }
        let archive = StageArchive(stage)
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Romeo")
        archive.work()
        _ = romeo.gets()
        romeo.says("one")
        for _ in 0..<4 { romeo.does(.message, "groupchat", [Element("composing", Namespace.chatStates)]) }
        #expect(romeo.hears() == Array(repeating: "message error resource-constraint/wait", count: 2))
        romeo.leaves("Romeo")
        archive.work()
        #expect(romeo.hears().last == "Romeo is gone: owner/none 110 <romeo@verona.example/orchard>")
    }

    @Test func aRoomIsKeptInMemoryUntilAllIsSaid() {
        romeo.says("last words")
        romeo.leaves("Romeo")
        juliet.leaves("Juliet")
        #expect(stage.service.roomCount == 1 && !stage.service.idle.contains("balcony"))
        archive.work()
        #expect(stage.service.idle.contains("balcony"))
    }

    @Test func atTheEndNobodyWaitsForTheArchive() {
        romeo.says("too late")
        stage.deliver(stage.service.shutdown(now: stage.now))
        #expect(juliet.hears() == ["Juliet is gone: none/none 110 332 <juliet@verona.example/chamber>"])
        archive.work()
        #expect(juliet.hears().isEmpty)
    }
}
