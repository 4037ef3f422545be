import Testing
import XMPP

@testable import MUC

/// Roles whose presence the others are not told (`muc#roomconfig_presencebroadcast`).
@Suite struct PresenceBroadcastTests: Verona {
    let stage = Stage()

    /// Romeo owns the moderated room, in which visitors are not shown; Juliet is a member, the nurse a visitor.
    init() {
        romeo.isIn(as: "Romeo")
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        romeo.configures([
            "muc#roomconfig_moderatedroom": "1", "muc#roomconfig_presencebroadcast": "moderator",
            "muc#roomconfig_presencebroadcast": "participant",
        ])
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    @Test func whoIsNotShownSeesTheOthersAndItself() {
        nurse.joins("Nurse")
        #expect(nurse.hears().count == 4)
        #expect(romeo.hears() == [] && juliet.hears() == [])
        stage.actor("paris@verona.example/church").joins("Paris")
        #expect(stage.actor("paris@verona.example/church").hears().count == 4)
        #expect(nurse.hears() == [])
    }

    @Test func whoGetsVoiceAppearsAndWhoLosesItDisappears() {
        nurse.isIn(as: "Nurse")
        romeo.moderates(["nick": "Nurse", "role": "participant"])
        #expect(juliet.hears() == ["Nurse is here: none/participant by Romeo"])
        romeo.moderates(["nick": "Nurse", "role": "visitor"])
        #expect(juliet.hears() == ["Nurse is gone: none/none"])
        #expect(nurse.hears().last == "Nurse is here: none/visitor 110 <nurse@verona.example/door> by Romeo")
    }

    @Test func whoWasNeverSeenLeavesUnseen() {
        nurse.isIn(as: "Nurse")
        nurse.renames(to: "Angelica")
        nurse.leaves("Angelica")
        #expect(juliet.hears() == [] && romeo.hears() == [])
        #expect(nurse.hears().last == "Angelica is gone: none/none 110 <nurse@verona.example/door>")
    }

    @Test func aKickOfSomebodyUnseenIsToldToThatOneOnly() {
        nurse.isIn(as: "Nurse")
        romeo.moderates(["nick": "Nurse", "role": "none"])
        #expect(nurse.hears() == ["Nurse is gone: none/none 110 307 <nurse@verona.example/door> by Romeo"])
        #expect(juliet.hears() == [])
    }

    @Test func aChangeOfTheFormShowsAndHidesAtOnce() {
        nurse.isIn(as: "Nurse")
        romeo.configures(["muc#roomconfig_presencebroadcast": "visitor"])
        #expect(
            Set(nurse.hears()) == ["Juliet is gone: member/none", "Romeo is gone: owner/none", "the room says 104"])
        #expect(juliet.hears().contains("Nurse is here: none/visitor"))
    }

    @Test func aChangeThatWouldCostTooMuchComesWithTheNextPresence() {
        let stage = Stage { $0.presenceResync = 1 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        let juliet = stage.actor("juliet@verona.example/chamber")
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        romeo.configures(["muc#roomconfig_presencebroadcast": "moderator"])
        _ = (juliet.gets(), romeo.gets())
        juliet.does(.presence, to: "balcony/Juliet", [Element("show", Namespace.client, text: "away")])
        #expect(romeo.hears() == ["Juliet is gone: none/none <juliet@verona.example/chamber>"])
        juliet.does(.presence, to: "balcony/Juliet")
        #expect(romeo.hears() == [])
    }

    @Test func serviceDiscoveryGivesNobodyAway() throws {
        nurse.isIn(as: "Nurse")
        let items = Element("query", Namespace.discoItems)
        #expect(juliet.asked(items)?.children.count == 2)
        #expect(nurse.asked(items)?.children.count == 3)
    }

    @Test func aModeratorFindsThemInTheList() {
        nurse.isIn(as: "Nurse")
        let list = Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, ["role": "visitor"])])
        #expect(romeo.asked(list)?.children.map { $0["nick"] } == ["Nurse"])
    }
}
