import MUC
import Testing
import XMPP

@testable import SamepageServer

/// Visitors in a remote room: what passes, what is noted, how it ends.
@Suite struct RemoteOccupantTests {
    let house = Playhouse()
    var romeo: Visitor { house.visitor("romeo") }
    var juliet: Visitor { house.visitor("juliet") }

    @Test func whatIsSaidPassesUntouched() {
        romeo.isIn(as: "Romeo")
        let stanza = Stanza(
            .message, type: "groupchat", id: "1", from: romeo.jid, to: house.service.address(Playhouse.room))
        #expect(house.muc.fromVisitor(stanza, now: house.now) == [.pass])
        let reflected = Stanza(
            .message, type: "groupchat", id: "1", from: house.service.address(Playhouse.room, "Romeo"), to: romeo.jid)
        #expect(house.muc.fromService(reflected, now: house.now) == [.pass])
        romeo.says("But, soft!")
        #expect(romeo.hears() == ["Romeo: But, soft!"])
    }

    /// One copy for each of ours: the first is looked at, the others pass.
    @Test func whatARoomSaysToAllIsLookedAtOnce() {
        let tabs = ["Romeo", "Juliet", "Nurse", "Tybalt"].map { name in
            let visitor = house.visitor(name.lowercased())
            visitor.isIn(as: name)
            return visitor
        }
        for visitor in tabs { _ = visitor.hears() }
        let before = house.passedCopies
        romeo.says("But, soft!")
        #expect(house.passedCopies - before == 3)
        #expect(tabs.map { $0.hears() } == Array(repeating: ["Romeo: But, soft!"], count: 4))
        // What passed has been noted: nobody gets it again.
        house.linkBreaks()
        house.linkComesUp()
        house.wait(5_000)
        for visitor in tabs { #expect(!visitor.hears().contains { $0.contains("But, soft!") }) }
    }

    @Test func comingAndGoingAreToldOnceToo() {
        let others = ["romeo", "juliet", "nurse"]
        for name in others { house.visitor(name).isIn(as: name) }
        for name in others { _ = house.visitor(name).hears() }
        let before = house.passedCopies
        house.visitor("tybalt").isIn(as: "Tybalt")
        house.visitor("tybalt").shows("Tybalt", type: "unavailable")
        #expect(house.passedCopies - before > 0)
        for name in others { #expect(house.visitor(name).hears() == ["Tybalt is here", "Tybalt is gone"]) }
        #expect(house.muc.summary(localpart: Playhouse.room)?.occupants == 3)
    }

    @Test func presenceWithoutJoiningIsNoJoin() {
        romeo.shows("Romeo")
        #expect(house.service.takeReceived() == [] && romeo.hears() == [])
    }

    struct Nick: CustomTestStringConvertible {
        let testDescription: String
        let nick: String
        let error: String
    }

    static let nicks = [
        Nick(testDescription: "too long", nick: String(repeating: "x", count: 65), error: "not-acceptable/modify"),
        Nick(testDescription: "bidi override", nick: "Rom\u{202E}eo", error: "not-acceptable/modify"),
        Nick(testDescription: "invisible", nick: "\u{2060}", error: "not-acceptable/modify"),
    ]

    @Test(arguments: nicks) func nicksObeyOurRules(_ nick: Nick) {
        romeo.joins(nick.nick)
        #expect(romeo.hears() == ["presence error \(nick.error)"])
        #expect(house.service.takeReceived() == [])
    }

    @Test func aSessionIsInSoManyRoomsAtMost() {
        let house = Playhouse { $0.roomsPerSession = 1 }
        house.policy.origin = { _, _ in .page(url: "", name: "") }
        house.visitor("romeo").isIn(as: "Romeo", room: "a")
        house.visitor("romeo").joins("Romeo", room: "b")
        #expect(house.visitor("romeo").hears() == ["presence error resource-constraint/wait"])
    }

    @Test func visitorsInAllAreBounded() {
        let house = Playhouse { $0.occupants = 1 }
        house.visitor("romeo").isIn(as: "Romeo")
        house.visitor("juliet").joins("Juliet")
        #expect(house.visitor("juliet").hears() == ["presence error resource-constraint/wait"])
    }

    @Test func aTakenNickIsAConflictAndAnotherIsFree() {
        romeo.isIn(as: "Romeo")
        juliet.joins("Romeo")
        #expect(juliet.hears() == ["presence error conflict/cancel"])
        #expect(house.muc.occupantCount == 1)
        juliet.joins("Juliet")
        #expect(juliet.hears() == ["Romeo is here", "Juliet is here 110", "subject: "])
    }

    @Test func aChangeOfNickIsFollowedAndHasItsInterval() {
        romeo.isIn(as: "Romeo")
        romeo.shows("Montague")
        #expect(romeo.hears() == ["Romeo is gone 110 303", "Montague is here 110"])
        romeo.shows("Romeo")
        #expect(romeo.hears() == ["presence error policy-violation/wait"])
        house.wait(5_000)
        romeo.shows("Romeo")
        #expect(romeo.hears() == ["Montague is gone 110 303", "Romeo is here 110"])
    }

    @Test func aRefusedChangeOfNickLeavesTheVisitorInside() {
        juliet.isIn(as: "Juliet")
        romeo.isIn(as: "Romeo")
        romeo.shows("Juliet")
        #expect(romeo.hears() == ["presence error conflict/cancel"])
        romeo.ends()
        #expect(house.service.rooms[Playhouse.room]?.occupants.map(\.nick) == ["Juliet"])
    }

    @Test func aSessionThatEndsLeavesItsRooms() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = (romeo.hears(), juliet.hears())
        romeo.ends()
        #expect(juliet.hears() == ["Romeo is gone"])
        #expect(house.muc.occupantCount == 1 && house.muc.memberships.rooms(of: romeo.jid) == [])
    }

    @Test func whoLeavesIsForgotten() {
        romeo.isIn(as: "Romeo")
        romeo.shows("Romeo", type: "unavailable")
        #expect(romeo.hears() == ["Romeo is gone 110"])
        #expect(house.muc.occupantCount == 0)
        house.linkBreaks()
        #expect(romeo.hears() == [])
    }

    struct Removal: CustomTestStringConvertible {
        let testDescription: String
        let codes: [String]
    }

    static let removals = [
        Removal(testDescription: "kicked", codes: ["307"]), Removal(testDescription: "banned", codes: ["301"]),
        Removal(testDescription: "lost", codes: ["333"]),
    ]

    @Test(arguments: removals) func whoIsTakenOutIsForgotten(_ removal: Removal) {
        romeo.isIn(as: "Romeo")
        house.others { $0.leave(romeo.jid, room: Playhouse.room, removal.codes) }
        #expect(romeo.hears() == ["Romeo is gone \((["110"] + removal.codes).joined(separator: " "))"])
        #expect(house.muc.occupantCount == 0)
    }

    @Test(arguments: ScriptedService.Flavor.allCases) func aDestroyedRoomIsMadeAnewByTheNextVisitor(
        _ flavor: ScriptedService.Flavor
    ) {
        let house = Playhouse(flavor)
        house.visitor("romeo").isIn(as: "Romeo")
        house.others { $0.destroy(Playhouse.room) }
        #expect(house.visitor("romeo").hears() == [flavor == .prosody ? "Romeo is gone 110" : "Romeo is gone"])
        #expect(house.muc.rooms.isEmpty)
        _ = house.service.takeReceived()
        house.visitor("juliet").joins("Juliet")
        #expect(house.service.takeReceived().first?.from == Playhouse.keeper)
        #expect(house.service.rooms[Playhouse.room]?.affiliations == [Playhouse.keeper.bare: "owner"])
    }

    @Test(arguments: ScriptedService.Flavor.allCases) func aVisitorThatMadeARoomByArrivingGivesItBackUnseen(
        _ flavor: ScriptedService.Flavor
    ) {
        let house = Playhouse(flavor)
        house.visitor("romeo").isIn(as: "Romeo")
        house.visitor("romeo").ends()
        // Behind our back.
        house.service.rooms[Playhouse.room] = nil
        house.visitor("juliet").joins("Juliet")
        #expect(house.visitor("juliet").hears() == ["samepage is here", "Juliet is here 110", "subject: "])
        #expect(house.service.rooms[Playhouse.room]?.affiliations == [Playhouse.keeper.bare: "owner"])
    }

    @Test(arguments: ScriptedService.Flavor.allCases) func whoArrivesInARoomThatIsGivenBackEntersTheNextUnseen(
        _ flavor: ScriptedService.Flavor
    ) {
        let house = Playhouse(flavor)
        for name in ["romeo", "juliet"] { house.visitor(name).isIn(as: name) }
        for name in ["romeo", "juliet"] { house.visitor(name).ends() }
        for name in ["romeo", "juliet"] { _ = house.visitor(name).hears() }
        house.service.rooms[Playhouse.room] = nil
        house.atOnce {
            for name in ["romeo", "juliet"] { house.visitor(name).joins(name) }
        }
        house.wait(2_000)
        for name in ["romeo", "juliet"] {
            let heard = house.visitor(name).hears()
            #expect(heard.contains("\(name) is here 110"))
            #expect(!heard.contains { $0.contains("gone") || $0.contains("error") })
        }
        #expect(house.service.rooms[Playhouse.room]?.affiliations == [Playhouse.keeper.bare: "owner"])
    }

    @Test func aRoomThatStaysLockedIsAnErrorInTheEnd() {
        romeo.isIn(as: "Romeo")
        romeo.ends()
        house.service.rooms[Playhouse.room]?.isLocked = true
        house.service.rooms[Playhouse.room]?.affiliations = [:]
        juliet.joins("Juliet")
        house.wait(14_000)
        #expect(juliet.hears() == [])
        house.wait(2_000)
        #expect(juliet.hears() == ["presence error remote-server-timeout/wait"])
    }

    @Test func aServiceThatForgetsItsRoomsIsKeptFromItByTheKeepersPresence() {
        house.service.forgetsRooms = true
        romeo.joins("Romeo")
        #expect(romeo.hears() == ["samepage is here", "Romeo is here 110", "subject: "])
        #expect(house.service.rooms[Playhouse.room]?.affiliations == [Playhouse.keeper.bare: "owner"])
        romeo.ends()
        #expect(house.service.rooms[Playhouse.room]?.occupants.map(\.nick) == ["samepage"])
    }

    @Test func aRoomThatDoesNotKnowASenderIsLookedAtBeforeItJoinsAgain() {
        romeo.isIn(as: "Romeo")
        house.service.rooms[Playhouse.room] = nil
        romeo.says("Hello?")
        #expect(romeo.hears().count == 1)
        _ = house.service.takeReceived()
        romeo.joins("Romeo")
        #expect(house.service.takeReceived().map(Transcript.request) == RoomPreparationTests.making)
        #expect(romeo.hears() == ["Romeo is here 110", "subject: "])
    }

    @Test func whatComesForSomebodyWhoIsNotInsideIsReturnedSoThatTheRoomLetsGo() {
        house.others {
            $0.rooms["lobby"] = ScriptedService.Room()
            $0.rooms["lobby"]?.occupants = [(juliet.jid, "ghost"), (Playhouse.jid("x@verona.example/1"), "x")]
            $0.message(
                Stanza(.message, type: "groupchat", [Element("body", Namespace.client, text: "Boo")]),
                from: Playhouse.jid("x@verona.example/1"), room: "lobby")
        }
        #expect(!juliet.hears().contains { $0.contains("Boo") })
        #expect(house.service.rooms["lobby"]?.occupants.map(\.nick) == ["x"])
    }

    @Test func errorsAndResultsAreNeverAnswered() {
        for type in ["error", "result"] {
            for to in [Playhouse.keeper, romeo.jid] {
                let from = house.service.address(Playhouse.room, "Romeo")
                let effects = house.muc.fromService(
                    Stanza(.iq, type: type, id: "1", from: from, to: to), now: house.now)
                #expect(!effects.contains { if case .toService = $0 { true } else { false } })
            }
        }
        let error = Stanza(
            .presence, type: "error", from: house.service.address(Playhouse.room, "Romeo"), to: Playhouse.keeper)
        #expect(house.muc.fromService(error, now: house.now) == [])
    }

    @Test func theSummaryIsWhatOurVisitorsSee() {
        #expect(house.muc.summary(localpart: Playhouse.room) == nil)
        romeo.joins("Romeo", title: "Balcony")
        juliet.isIn(as: "Juliet")
        juliet.says("Ay me!")
        #expect(
            house.muc.summary(localpart: Playhouse.room)
                == RoomSummary(name: "Balcony", occupants: 2, lastActivity: house.now))
        romeo.shows("Montague")
        juliet.ends()
        #expect(house.muc.summary(localpart: Playhouse.room)?.occupants == 1)
        romeo.ends()
        #expect(house.muc.summary(localpart: Playhouse.room) == nil)
    }

    @Test func theKeeperDoesNotCount() {
        house.service.offersPersistence = false
        romeo.isIn(as: "Romeo")
        #expect(house.muc.summary(localpart: Playhouse.room)?.occupants == 1)
    }

    @Test func shutdownTellsVisitorsAndTheService() {
        romeo.isIn(as: "Romeo")
        house.perform(house.muc.shutdown(now: house.now))
        #expect(romeo.hears().first == "Romeo is gone 110 332")
        #expect(house.service.rooms[Playhouse.room]?.occupants.isEmpty == true)
    }
}
