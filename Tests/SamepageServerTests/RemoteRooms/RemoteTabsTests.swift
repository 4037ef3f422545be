import MUC
import Testing
import XMPP

@testable import SamepageServer

/// Several tabs of one visitor in a remote room.
@Suite struct RemoteTabsTests {
    static let flavors = ScriptedService.Flavor.allCases

    private struct Play {
        let house: Playhouse
        let romeo: Visitor
        let desk: Visitor
        let phone: Visitor

        init(_ flavor: ScriptedService.Flavor, hasArchive: Bool = true) {
            house = Playhouse(flavor)
            house.service.hasArchive = hasArchive
            romeo = house.visitor("romeo")
            desk = house.visitor("juliet", tab: "desk")
            phone = house.visitor("juliet", tab: "phone")
            romeo.isIn(as: "Romeo")
            desk.isIn(as: "Juliet")
            phone.isIn(as: "Juliet")
            _ = (romeo.hears(), desk.hears(), phone.hears())
        }

        var nicks: [String] {
            (house.service.rooms[Playhouse.room]?.occupants ?? []).map { "\($0.session.resource ?? "") \($0.nick)" }
                .sorted()
        }

        func news(of visitor: Visitor) -> [String] {
            visitor.hears().filter { $0.contains(" is gone") || !$0.hasPrefix("Juliet is here") }
        }
    }

    @Test(arguments: flavors) func oneOfTwoTabsGoesAndNobodyNotices(_ flavor: ScriptedService.Flavor) {
        let play = Play(flavor)
        play.phone.ends()
        #expect(play.news(of: play.romeo) == [] && play.news(of: play.desk) == [])
        play.desk.says("still here")
        #expect(play.romeo.hears() == ["Juliet: still here"])
        #expect(play.house.muc.summary(localpart: Playhouse.room)?.occupants == 2)
    }

    @Test(arguments: flavors, [true, false])
    func aNewNickIsThatOfAllTabs(_ flavor: ScriptedService.Flavor, hasArchive: Bool) {
        let play = Play(flavor, hasArchive: hasArchive)
        play.desk.says("O Romeo")
        _ = (play.romeo.hears(), play.desk.hears(), play.phone.hears())
        play.phone.shows("Capulet")
        #expect(play.nicks == ["desk Capulet", "phone Capulet", "tab Romeo"])
        #expect(play.news(of: play.romeo).filter { $0 != "Capulet is here" } == ["Juliet is gone 303"])
        #expect(play.news(of: play.phone).prefix(2) == ["Juliet is gone 110 303", "Capulet is here 110"])
        let heard = play.news(of: play.desk)
        #expect(heard.first == "Juliet is gone 110 303")
        #expect(heard.contains("Capulet is here 110"))
        #expect(!heard.contains { $0.contains("O Romeo") || $0.hasPrefix("subject") || $0.hasPrefix("link") })
        play.desk.says("no more Juliet")
        for visitor in [play.romeo, play.desk, play.phone] { #expect(visitor.hears() == ["Capulet: no more Juliet"]) }
        #expect(play.house.muc.summary(localpart: Playhouse.room)?.occupants == 2)
    }

    @Test(arguments: flavors) func whatIsSaidInBetweenIsNotMissed(_ flavor: ScriptedService.Flavor) {
        let play = Play(flavor)
        play.house.atOnce {
            play.phone.shows("Capulet")
            play.romeo.says("What's in a name?")
        }
        for visitor in [play.desk, play.phone] {
            #expect(visitor.hears().filter { $0.hasSuffix("What's in a name?") }.count == 1)
        }
    }

    @Test(arguments: flavors) func aNickThatIsTakenChangesNothing(_ flavor: ScriptedService.Flavor) {
        let play = Play(flavor)
        play.phone.shows("Romeo")
        #expect(play.phone.hears().filter { !$0.hasPrefix("Juliet is here") } == ["presence error conflict/cancel"])
        #expect(play.nicks == ["desk Juliet", "phone Juliet", "tab Romeo"])
        #expect(!play.romeo.hears().contains { $0.contains("gone") })
        #expect(!play.desk.hears().contains { $0.contains("gone") })
        play.desk.says("Ay me!")
        #expect(play.phone.hears() == ["Juliet: Ay me!"])
    }

    @Test func bothTabsAskForTheSameNickAndGetIt() {
        let play = Play(.prosody)
        play.house.atOnce {
            play.phone.shows("Capulet")
            play.desk.shows("Capulet")
        }
        #expect(play.nicks == ["desk Capulet", "phone Capulet", "tab Romeo"])
        #expect(!play.desk.hears().contains { $0.contains("error") })
    }

    @Test func aTabThatGoesInTheMiddleOfItLeavesTheOthersIn() {
        let play = Play(.prosody)
        play.house.service.isSilent = true
        play.phone.shows("Capulet")
        play.house.service.isSilent = false
        play.phone.ends()
        play.house.wait(2_000)
        #expect(play.nicks.contains("desk Juliet"))
        play.desk.says("Ay me!")
        #expect(play.desk.hears().contains("Juliet: Ay me!"))
    }

    @Test func aServiceThatSaysNothingToItLeavesTheOthersInUnderTheirNick() {
        let play = Play(.ejabberd)
        play.house.service.isSilent = true
        play.phone.shows("Capulet")
        play.house.service.isSilent = false
        play.house.wait(RemoteMUCLimits().answerTimeout + 2_000)
        #expect(play.nicks.contains("desk Juliet"))
        #expect(!play.desk.hears().contains { $0.contains("gone") })
    }

    @Test(arguments: flavors) func aKickInTheMiddleOfItTakesOutAllTabs(_ flavor: ScriptedService.Flavor) {
        let play = Play(flavor)
        play.house.service.isSilent = true
        play.phone.shows("Capulet")
        play.house.service.isSilent = false
        play.house.others { $0.leave(play.phone.jid, room: Playhouse.room, ["307"]) }
        #expect(play.phone.hears().last == "Juliet is gone 110 307")
        #expect(play.desk.hears().last?.hasPrefix("Juliet is gone") == true)
        play.house.wait(RemoteMUCLimits().answerTimeout + 2_000)
        #expect(play.house.muc.occupantCount == 1)
    }

    @Test(arguments: flavors) func aBrokenLinkInTheMiddleOfItBringsAllTabsBack(_ flavor: ScriptedService.Flavor) {
        let play = Play(flavor)
        play.house.service.isSilent = true
        play.phone.shows("Capulet")
        play.house.service.isSilent = false
        play.house.linkBreaks()
        play.house.others { service in
            for tab in [play.romeo, play.desk, play.phone] { service.leave(tab.jid, room: Playhouse.room) }
        }
        play.house.linkComesUp()
        play.house.wait(2_000)
        #expect(play.nicks == ["desk Juliet", "phone Juliet", "tab Romeo"])
        play.desk.says("Ay me!")
        for visitor in [play.romeo, play.desk, play.phone] { #expect(visitor.hears().last == "Juliet: Ay me!") }
    }

    @Test func aVisitorOfTheSameNickElsewhereIsNotConcerned() {
        let play = Play(.prosody)
        let tablet = play.house.visitor("juliet", tab: "tablet")
        tablet.isIn(as: "Lady")
        play.phone.shows("Capulet")
        #expect(play.nicks == ["desk Capulet", "phone Capulet", "tab Romeo", "tablet Lady"])
    }

    @Test func aNickThatWasOnlyAskedForIsNotYetOnesOwn() {
        let play = Play(.ejabberd)
        let service = play.house.service
        let nurse = play.house.visitor("nurse")
        service.isSilent = true
        nurse.joins("Romeo")
        // Somebody has it, and the room gives another.
        let other = service.appearance(of: play.romeo.jid, "Romeo", Playhouse.room, to: nurse.jid)
        var gone = other
        gone.type = "unavailable"
        play.house.fromService([
            other, service.appearance(of: nurse.jid, "Romeo (2)", Playhouse.room, to: nurse.jid, ["210"]), gone,
        ])
        #expect(nurse.hears() == ["Romeo is here", "Romeo (2) is here 110 210", "Romeo is gone"])
        #expect(play.house.muc.rooms[Playhouse.room]?.occupants[nurse.jid]?.nick == "Romeo (2)")
    }
}
