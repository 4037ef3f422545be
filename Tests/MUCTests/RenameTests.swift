import Testing
import XMPP

@testable import MUC

@Suite struct RenameTests: Verona {
    let stage = Stage()

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    @Test func aNewNickIs303AndThenPresence() {
        juliet.renames(to: "Capulet")
        #expect(
            romeo.hears() == [
                "Juliet is gone: none/none 303 <juliet@verona.example/chamber> now Capulet",
                "Capulet is here: none/participant <juliet@verona.example/chamber>",
            ])
        #expect(
            juliet.hears() == [
                "Juliet is gone: none/none 110 303 <juliet@verona.example/chamber> now Capulet",
                "Capulet is here: none/participant 110 <juliet@verona.example/chamber>",
            ])
        juliet.says("What's in a name?")
        #expect(romeo.hears() == ["Capulet: What's in a name?"])
    }

    @Test func theOccupantIDOutlivesARenameAndARejoin() {
        juliet.renames(to: "Capulet")
        juliet.leaves("Capulet")
        juliet.isIn(as: "Rose")
        juliet.says("thorns")
        let ids = Set(romeo.gets().map { $0.child("occupant-id", Namespace.occupantID)?["id"] })
        #expect(ids == ["id-of-juliet-in-balcony"])
    }

    @Test func aTakenNickIsAConflict() {
        juliet.renames(to: "Romeo")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        #expect(romeo.hears() == [])
        #expect(stage.room()?.occupants["Juliet"] != nil)
    }

    @Test func theOldNickIsFree() {
        juliet.renames(to: "Capulet")
        let nurse = stage.actor("nurse@verona.example/door")
        nurse.joins("Juliet")
        #expect(nurse.hears().contains("Juliet is here: none/participant 110 <nurse@verona.example/door>"))
    }

    @Test func aSecondRenameMustWait() {
        juliet.renames(to: "Capulet")
        _ = (juliet.gets(), romeo.gets())
        stage.now += 4_999
        juliet.renames(to: "Rose")
        #expect(juliet.hears() == ["presence error policy-violation/wait"])
        stage.now += 1
        juliet.renames(to: "Rose")
        #expect(juliet.hears().count == 2)
    }

    @Test func aClockThatWasSetBackLocksNoNick() {
        juliet.renames(to: "Capulet")
        _ = juliet.gets()
        stage.now -= 3_600_000
        juliet.renames(to: "Rose")
        #expect(juliet.hears().count == 2)
    }

    @Test func theIntervalCanBeLifted() {
        let stage = Stage { $0.nickInterval = 0 }
        let juliet = stage.actor("juliet@verona.example/chamber")
        juliet.isIn(as: "Juliet")
        for nick in ["Capulet", "Rose", "Juliet"] { juliet.renames(to: nick) }
        #expect(juliet.hears().count == 6)
    }

    @Test func theSameNickIsAPresence() {
        juliet.renames(to: "Juliet")
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/chamber>"])
    }

    @Test func joiningAgainUnderAnotherNickRenamesAndTellsEverything() {
        juliet.joins("Capulet")
        #expect(
            juliet.hears() == [
                "Juliet is gone: none/none 110 303 <juliet@verona.example/chamber> now Capulet",
                "Capulet is here: none/participant 110 <juliet@verona.example/chamber>",
                "Romeo is here: owner/moderator",
                "Capulet is here: none/participant 110 <juliet@verona.example/chamber>",
                "nobody sets the subject: ",
            ])
        #expect(stage.room()?.summary.occupants == 2)
    }

    @Test func aBadNickIsRefusedAndTheOldOneKept() {
        juliet.renames(to: "Ro\u{202E}meo")
        #expect(juliet.hears() == ["presence error not-acceptable/modify"])
        #expect(stage.room()?.occupants["Juliet"] != nil)
    }
}
