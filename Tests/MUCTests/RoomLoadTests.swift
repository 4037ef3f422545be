import Testing
import XMPP

@testable import MUC

/// Rooms come from the archive when somebody wants them, and nobody else waits for that.
@Suite struct RoomLoadTests: Verona {
    let stage = Stage(archive: true) {
        $0.rooms = 1
        $0.archiveQueue = 3
    }
    let archive: StageArchive

    init() {
        archive = StageArchive(stage)
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
    }

    private func isIn(_ actor: Actor, as nick: String, room: String = "balcony") {
        actor.joins(nick, room: room)
        archive.work()
        _ = actor.gets()
    }

    @Test func aJoinWaitsForTheRoomAndTheNextOneToo() {
        romeo.joins("Romeo")
        juliet.joins("Juliet")
        #expect(romeo.hears().isEmpty && juliet.hears().isEmpty && archive.waiting == 1)
        archive.work()
        #expect(
            romeo.hears() == [
                "Romeo is here: none/participant 110 170 201 <romeo@verona.example/orchard>",
                "nobody sets the subject: ",
                "Juliet is here: none/participant",
            ])
    }

    @Test func aRoomThatMadePlaceComesBackWithItsHistorySubjectAndBans() throws {
        isIn(romeo, as: "Romeo")
        stage.room()?.configuration.participantsSetSubject = true
        stage.room()?.setEntry(AffiliationEntry(.outcast), of: Stage.jid("paris@verona.example"))
        romeo.says("but soft")
        romeo.setsSubject("the moon")
        archive.work()
        romeo.leaves("Romeo")
        isIn(juliet, as: "Juliet", room: "crypt")
        #expect(stage.room() == nil)
        juliet.does(.presence, "unavailable", to: "crypt/Juliet")
        _ = juliet.gets()
        juliet.joins("Juliet")
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("Paris")
        archive.work()
        #expect(
            juliet.hears() == [
                "Juliet is here: none/participant 110 170 <juliet@verona.example/chamber>", "Romeo (earlier): but soft",
                "Romeo (earlier) sets the subject: the moon",
            ])
        #expect(paris.hears() == ["presence error forbidden/auth"])
    }

    @Test func requestsToARoomMakeItComeAndMessagesOfStrangersDoNot() {
        romeo.asks(Element("query", Namespace.discoInfo))
        #expect(romeo.hears().isEmpty && archive.waiting == 1)
        archive.work()
        #expect(romeo.hears() == ["iq error item-not-found/cancel"])
        romeo.says("is there anybody?")
        #expect(romeo.hears() == ["message error item-not-found/cancel"] && archive.waiting == 0)
    }

    @Test func whatASessionSendsMeanwhileKeepsItsOrder() {
        romeo.joins("Romeo")
        romeo.says("hello")
        archive.work()
        #expect(romeo.hears().last == "Romeo: hello")
    }

    @Test func whoGoesBeforeTheRoomIsThereIsNeverIn() {
        romeo.joins("Romeo")
        romeo.leaves("Romeo")
        juliet.joins("Juliet")
        juliet.ends(.errored)
        archive.work()
        #expect(romeo.hears().isEmpty && juliet.hears().isEmpty)
        #expect(stage.service.sessionCount == 0 && stage.service.loads.backlog.count == 0)
    }

    @Test func whoWaitsTooLongIsToldSoAndTheRoomStillComes() {
        romeo.joins("Romeo")
        stage.now += 9_999
        stage.deliver(stage.service.tick(now: stage.now))
        #expect(romeo.hears().isEmpty)
        stage.now += 1
        stage.deliver(stage.service.tick(now: stage.now))
        #expect(romeo.hears() == ["presence error resource-constraint/wait"])
        archive.work()
        #expect(romeo.hears().isEmpty)
        isIn(romeo, as: "Romeo")
        #expect(stage.service.sessionCount == 1)
    }

    @Test func onlySoManyWait() {
        for number in 0..<5 { romeo.joins("Romeo", room: "room\(number)") }
        #expect(romeo.hears() == Array(repeating: "presence error resource-constraint/wait", count: 2))
        #expect(stage.service.loads.count == 3)
    }

    @Test func anArchiveThatCannotBeReadRefusesAndIsAskedAgain() {
        archive.isBroken = true
        romeo.joins("Romeo")
        archive.work()
        #expect(romeo.hears() == ["presence error resource-constraint/wait"])
        archive.isBroken = false
        isIn(romeo, as: "Romeo")
        #expect(stage.room()?.isEmpty == false)
    }

    @Test func whatCannotBeSavedIsTriedAgainAndTheRoomStaysUntilThen() throws {
        isIn(romeo, as: "Romeo")
        archive.isBroken = true
        stage.room()?.setEntry(AffiliationEntry(.outcast), of: Stage.jid("paris@verona.example"))
        stage.deliver(stage.service.context.takeEffects())
        archive.work()
        romeo.leaves("Romeo")
        #expect(stage.service.roomCount == 1 && stage.service.idle.count == 0)
        archive.isBroken = false
        stage.deliver(stage.service.tick(now: stage.now))
        archive.work()
        #expect(archive.rooms["balcony"]?.affiliations.count == 1)
        #expect(stage.service.idle.contains("balcony"))
        stage.deliver(stage.service.tick(now: stage.now))
        #expect(archive.waiting == 0)
    }

    @Test func whoOnlyLooksLeavesNothingBehind() {
        isIn(romeo, as: "Romeo")
        romeo.leaves("Romeo")
        #expect(stage.service.roomCount == 0 && archive.rooms.isEmpty && archive.waiting == 0)
    }

    @Test func aTemporaryRoomIsGoneFromTheArchiveWhenItIsEmpty() {
        stage.policy.origin = { _, _, _ in .user }
        isIn(romeo, as: "Romeo")
        romeo.says("for now")
        archive.work()
        #expect(archive.messages.count == 1)
        romeo.leaves("Romeo")
        #expect(stage.changes["balcony"] == [.destroyed])
    }
}
