import Testing
import XMPP

@testable import MUC

/// Those who come in one turn of the loop.
@Suite struct ArrivalsTests: Verona {
    let stage = Stage()
    var tybalt: Actor { stage.actor("tybalt@verona.example/street") }

    /// Romeo owns the room, Tybalt is in it, and from now on turns end when a test says so.
    init() {
        romeo.isIn(as: "Romeo")
        tybalt.isIn(as: "Tybalt")
        _ = romeo.gets()
        stage.endsTurns = false
    }

    @Test func theOthersHearOfAllAtOnceAtTheEndOfTheTurn() {
        juliet.joins("Juliet")
        nurse.joins("Nurse")
        #expect(tybalt.hears() == [])
        let effects = stage.service.endTurn()
        let lists = effects.compactMap { effect -> Int? in
            if case .shared(let stanzas, _) = effect { stanzas.count } else { nil }
        }
        #expect(lists == [2, 2, 1], "to the moderator, to Tybalt, and what Juliet does not know yet")
        stage.deliver(effects)
        #expect(tybalt.hears() == ["Juliet is here: none/participant", "Nurse is here: none/participant"])
        #expect(romeo.hears().allSatisfy { $0.contains("@verona.example") })
    }

    @Test func whoComesIsToldAtOnceAndOfEachOtherOnce() {
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 4)
        nurse.joins("Nurse")
        #expect(
            Set(nurse.hears().prefix(3)) == [
                "Romeo is here: owner/moderator", "Tybalt is here: none/participant",
                "Juliet is here: none/participant",
            ])
        stage.endTurn()
        #expect(juliet.hears() == ["Nurse is here: none/participant"])
        #expect(nurse.hears() == [])
    }

    @Test func whoComesAndGoesInTheTurnIsNotTold() {
        juliet.joins("Juliet")
        juliet.ends(.errored)
        stage.endTurn()
        #expect(tybalt.hears() == [] && romeo.hears() == [])
        #expect(stage.room()?.occupants["Juliet"] == nil)
    }

    @Test func whoSawItComeSeesItGo() {
        juliet.joins("Juliet")
        nurse.joins("Nurse")
        _ = nurse.gets()
        juliet.leaves("Juliet")
        #expect(nurse.hears() == ["Juliet is gone: none/none"])
        stage.endTurn()
        #expect(nurse.hears() == [])
        #expect(tybalt.hears() == ["Nurse is here: none/participant"])
        #expect(juliet.hears().last == "Juliet is gone: none/none 110 <juliet@verona.example/chamber>")
    }

    @Test func whatIsSaidIsSaidBySomebodyWhomAllKnow() {
        juliet.joins("Juliet")
        juliet.says("Ay me!")
        #expect(tybalt.hears() == ["Juliet is here: none/participant", "Juliet: Ay me!"])
        stage.endTurn()
        #expect(tybalt.hears() == [])
    }

    @Test func theOrderHoldsBehindTheArchiveToo() {
        let stage = Stage(archive: true)
        let archive = StageArchive(stage)
        let romeo = stage.actor("romeo@verona.example/orchard")
        let juliet = stage.actor("juliet@verona.example/chamber")
        romeo.joins("Romeo")
        archive.work()
        _ = romeo.gets()
        stage.endsTurns = false
        romeo.says("one")
        juliet.joins("Juliet")
        romeo.says("two")
        stage.endTurn()
        archive.work()
        #expect(
            romeo.hears() == [
                "Romeo: one", "Juliet is here: none/participant <juliet@verona.example/chamber>", "Romeo: two",
            ])
    }

    @Test func aRenameInTheTurnIsToldAsOne() {
        juliet.joins("Juliet")
        juliet.renames(to: "Capulet")
        stage.endTurn()
        #expect(
            tybalt.hears() == [
                "Juliet is here: none/participant", "Juliet is gone: none/none 303 now Capulet",
                "Capulet is here: none/participant",
            ])
    }

    @Test func aReaderWhoComesInBetweenHearsTheRest() {
        juliet.joins("Juliet")
        let paris = stage.actor("paris@verona.example/church")
        paris.lurks()
        nurse.joins("Nurse")
        stage.endTurn()
        let heard = paris.hears().filter { $0.hasPrefix("Juliet") || $0.hasPrefix("Nurse") }
        #expect(heard == ["Juliet is here: none/participant", "Nurse is here: none/participant"])
    }
}
