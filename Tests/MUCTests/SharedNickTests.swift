import Testing
import XMPP

@testable import MUC

/// Sessions of one bare JID that share a nick.
@Suite struct SharedNickTests: Verona {
    let stage = Stage()
    var desk: Actor { stage.actor("juliet@verona.example/desk") }
    var phone: Actor { stage.actor("juliet@verona.example/phone") }

    init() {
        romeo.isIn(as: "Romeo")
        desk.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    private let away = Element("show", Namespace.client, text: "away")

    @Test func aSecondSessionHearsEverythingAndTheOthersNothing() {
        romeo.says("But, soft!")
        _ = (romeo.gets(), desk.gets())
        phone.joins("Juliet")
        #expect(
            phone.hears() == [
                "Romeo is here: owner/moderator",
                "Juliet is here: none/participant 110 <juliet@verona.example/phone>",
                "Romeo (earlier): But, soft!",
                "nobody sets the subject: ",
            ])
        #expect(romeo.hears() == [] && desk.hears() == [])
        #expect(stage.room()?.summary.occupants == 2)
    }

    @Test func everySessionHearsAndMaySpeak() {
        phone.isIn(as: "Juliet")
        phone.says("Ay me!")
        for actor in [romeo, desk, phone] { #expect(actor.hears() == ["Juliet: Ay me!"]) }
    }

    @Test func aSessionLeavesInSilenceWhileAnotherStays() {
        phone.isIn(as: "Juliet")
        phone.leaves("Juliet")
        #expect(phone.hears() == ["Juliet is gone: none/none 110 <juliet@verona.example/phone>"])
        #expect(romeo.hears() == [] && desk.hears() == [])
        desk.says("alone")
        #expect(phone.hears() == [])
    }

    @Test func whenThePrimaryLeavesOnlyThoseWhoSeeJIDsNotice() {
        let nurse = stage.actor("nurse@verona.example/door")
        phone.isIn(as: "Juliet")
        nurse.isIn(as: "Nurse")
        _ = (romeo.gets(), phone.gets())
        desk.ends(.left)
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/phone>"])
        #expect(nurse.hears() == [] && phone.hears() == [])
    }

    @Test func whenWhatThePrimaryShowedEndsAllAreTold() {
        phone.isIn(as: "Juliet")
        desk.does(.presence, to: "balcony/Juliet", [away])
        _ = (romeo.gets(), phone.gets(), desk.gets())
        desk.ends(.errored)
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/phone>"])
        #expect(phone.hears() == ["Juliet is here: none/participant 110 <juliet@verona.example/phone>"])
    }

    @Test func presenceOfAnySessionIsToldToAllAndMakesItPrimary() {
        phone.isIn(as: "Juliet")
        phone.does(.presence, to: "balcony/Juliet", [away])
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/phone> show away"])
        #expect(desk.hears() == ["Juliet is here: none/participant 110 <juliet@verona.example/phone> show away"])
    }

    @Test func aRenameRenamesAllSessions() {
        phone.isIn(as: "Juliet")
        phone.renames(to: "Capulet")
        for actor in [desk, phone] {
            #expect(
                actor.hears() == [
                    "Juliet is gone: none/none 110 303 <juliet@verona.example/desk> now Capulet",
                    "Capulet is here: none/participant 110 <juliet@verona.example/phone>",
                ])
        }
        desk.says("no more Juliet")
        #expect(phone.hears() == ["Capulet: no more Juliet"])
    }

    @Test func theLastSessionLeavesAudibly() {
        phone.isIn(as: "Juliet")
        desk.leaves("Juliet")
        _ = romeo.gets()
        phone.leaves("Juliet")
        #expect(romeo.hears() == ["Juliet is gone: none/none <juliet@verona.example/phone>"])
    }

    @Test func underAnotherNickASessionIsAnOccupantOfItsOwn() {
        phone.joins("Capulet")
        #expect(romeo.hears() == ["Capulet is here: none/participant <juliet@verona.example/phone>"])
        phone.leaves("Capulet")
        #expect(romeo.hears() == ["Capulet is gone: none/none <juliet@verona.example/phone>"])
        #expect(stage.room()?.occupants["Juliet"] != nil)
    }

    @Test func aNickOfOnesOwnInAnotherTabIsTakenLikeAnyOther() {
        phone.isIn(as: "Capulet")
        _ = (romeo.gets(), desk.gets())
        phone.renames(to: "Juliet")
        #expect(phone.hears() == ["presence error conflict/cancel"])
        #expect(romeo.hears() == [] && desk.hears() == [])
    }

    @Test func somebodyElseDoesNotShareTheNick() {
        let paris = stage.actor("paris@verona.example/tomb")
        paris.joins("Juliet")
        #expect(paris.hears() == ["presence error conflict/cancel"])
        // Nor does a person whose address only begins alike.
        stage.actor("juliet@verona.example.com/phone").joins("Juliet")
        #expect(stage.room()?.occupants["Juliet"]?.sessions.count == 1)
    }

    @Test func theFirstToComeSpeaksForTheOccupantUntilAnotherShowsSomething() {
        phone.joins("Juliet", [away])
        #expect(phone.hears().contains("Juliet is here: none/participant 110 <juliet@verona.example/phone>"))
        #expect(romeo.hears() == [], "what a further tab shows when it comes is no news")
        phone.does(.presence, to: "balcony/Juliet", [away])
        #expect(romeo.hears().last?.hasSuffix("show away") == true)
        desk.does(.presence, to: "balcony/Juliet")
        #expect(romeo.hears() == ["Juliet is here: none/participant <juliet@verona.example/desk>"])
    }

    @Test func aPrivateMessageReachesAllSessionsOfTheNick() {
        phone.isIn(as: "Juliet")
        romeo.whispers("Lady", to: "Juliet")
        #expect(desk.hears() == phone.hears())
        romeo.whispers("Lady", to: "Juliet")
        #expect(phone.hears().count == 1)
    }

    @Test func aBanTakesOutAllSessionsUnderAllNicks() {
        phone.isIn(as: "Juliet")
        let tablet = stage.actor("juliet@verona.example/tablet")
        tablet.isIn(as: "Capulet")
        _ = (romeo.gets(), desk.gets(), phone.gets())
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"])
        for actor in [desk, phone, tablet] {
            #expect(actor.hears().contains { $0.contains(" is gone: outcast/none 110 301") })
            #expect(stage.room()?.sessions[actor.jid] == nil)
        }
        #expect(romeo.hears().filter { $0.contains("is gone") }.count == 2)
        phone.joins("Juliet")
        #expect(phone.hears() == ["presence error forbidden/auth"])
    }

    @Test func aRoleIsThePersonsInAllSessions() {
        romeo.moderates(["nick": "Juliet", "role": "moderator"])
        phone.joins("Juliet")
        #expect(phone.hears().contains { $0.hasPrefix("Juliet is here: none/moderator 110") })
        _ = (romeo.gets(), desk.gets())
        phone.setsSubject("Night")
        for actor in [romeo, desk, phone] { #expect(actor.hears() == ["Juliet sets the subject: Night"]) }
    }

    @Test func comingAndGoingManyTimesIsHeardByNobody() {
        for number in 0..<200 {
            let tab = stage.actor("juliet@verona.example/tab\(number)")
            tab.isIn(as: "Juliet")
            number % 2 == 0 ? tab.leaves("Juliet") : tab.ends(number % 3 == 0 ? .errored : .left)
        }
        #expect(romeo.hears() == [] && desk.hears() == [])
        #expect(stage.room()?.occupants["Juliet"]?.sessions.count == 1)
    }

    @Test func theSessionsOfANickAreBounded() {
        let stage = Stage { $0.sessionsPerOccupant = 2 }
        for resource in ["a", "b"] { stage.actor("juliet@verona.example/\(resource)").isIn(as: "Juliet") }
        let third = stage.actor("juliet@verona.example/c")
        third.joins("Juliet")
        #expect(third.hears() == ["presence error resource-constraint/wait"])
    }
}
