import Testing
import XMPP

@testable import SamepageServer

/// The link breaks and comes back: nobody is thrown out, everybody is told, and nothing is missed twice.
@Suite struct LinkLossTests {
    typealias Flavor = ScriptedService.Flavor

    /// The service as it is when the component was gone: it has taken all our occupants out.
    static func forgetOurs(_ service: ScriptedService) {
        for room in service.rooms.values { room.occupants.removeAll { $0.session.domain == Playhouse.domain } }
    }

    static let mercutio = Playhouse.jid("mercutio@verona.example/street")

    static func enter(_ service: ScriptedService, _ nick: String = "Mercutio") {
        service.presence(
            Stanza(.presence, from: mercutio, to: service.address(Playhouse.room, nick), [Element("x", Namespace.muc)]),
            from: mercutio, room: Playhouse.room, nick: nick)
    }

    static func say(_ service: ScriptedService, _ body: String) {
        service.message(
            Stanza(.message, type: "groupchat", id: body, [Element("body", Namespace.client, text: body)]),
            from: mercutio, room: Playhouse.room)
    }

    /// Romeo and Mercutio are in, the link breaks, and the service notices.
    private func interrupted(_ flavor: Flavor, _ change: (inout RemoteMUCLimits) -> Void = { _ in }) -> Playhouse {
        let house = Playhouse(flavor, change)
        house.visitor("romeo").isIn(as: "Romeo")
        house.others { Self.enter($0) }
        house.others { Self.say($0, "one") }
        _ = house.visitor("romeo").hears()
        house.linkBreaks()
        house.others(Self.forgetOurs)
        return house
    }

    @Test func visitorsStayAndAreToldOnce() {
        let house = interrupted(.prosody)
        let romeo = house.visitor("romeo")
        let notice = romeo.gets()
        #expect(notice.compactMap(Transcript.line) == ["link down"])
        #expect(notice.first?.isGroupchat == true && notice.first?.from == house.service.address(Playhouse.room))
        house.linkBreaks()
        #expect(romeo.hears() == [])
        romeo.says("Hello?")
        #expect(romeo.hears() == ["message error remote-server-timeout/wait"])
    }

    @Test(arguments: Flavor.allCases) func visitorsRejoinAndGetWhatTheyMissedInOrderAndOnce(_ flavor: Flavor) {
        let house = interrupted(flavor)
        let romeo = house.visitor("romeo")
        for body in ["two", "three"] { house.others { Self.say($0, body) } }
        _ = romeo.hears()
        house.linkComesUp()
        #expect(
            romeo.hears() == [
                "Mercutio is here", "Romeo is here 110", "link up", "Mercutio (earlier): two",
                "Mercutio (earlier): three",
            ])
        house.others { Self.say($0, "four") }
        #expect(romeo.hears() == ["Mercutio: four"])
    }

    @Test(arguments: Flavor.allCases) func aSecondBreakRepeatsNothing(_ flavor: Flavor) {
        let house = interrupted(flavor)
        house.others { Self.say($0, "two") }
        house.linkComesUp()
        house.linkBreaks()
        house.others(Self.forgetOurs)
        house.others { Self.say($0, "three") }
        let romeo = house.visitor("romeo")
        _ = romeo.hears()
        house.linkComesUp()
        #expect(romeo.hears().filter { $0.contains("earlier") } == ["Mercutio (earlier): three"])
    }

    @Test(arguments: Flavor.allCases) func whatWasMissedIsWhatTheRoomReflected(_ flavor: Flavor) throws {
        let house = interrupted(flavor)
        house.others { Self.say($0, "two") }
        _ = house.visitor("romeo").gets()
        house.linkComesUp()
        let missed = try #require(house.visitor("romeo").gets().first { $0.isDelayed })
        #expect(missed.from == house.service.address(Playhouse.room, "Mercutio") && missed.id == "two")
        #expect(missed.stanzaID(by: house.service.address(Playhouse.room)) == "archived-2")
        #expect(missed.payload.filter { $0.name == "stanza-id" }.count == 1)
        #expect(missed.child("x", Namespace.mucUser) == nil)
    }

    @Test func pagesAreFetchedUpToTheirNumberAndThenTheNewest() {
        let house = interrupted(.prosody) {
            $0.catchUpPageSize = 2
            $0.catchUpPages = 2
        }
        for number in 2...9 { house.others { Self.say($0, "\(number)") } }
        _ = house.visitor("romeo").hears()
        house.linkComesUp()
        #expect(
            house.visitor("romeo").hears().filter { $0.contains("earlier") }
                == ["2", "3", "4", "5", "8", "9"].map { "Mercutio (earlier): \($0)" })
    }

    @Test func anArchiveThatHasLostTheLastMessageIsAskedByTime() {
        let house = interrupted(.prosody)
        house.others {
            $0.rooms[Playhouse.room]?.archive.removeAll()
            Self.say($0, "two")
        }
        _ = house.visitor("romeo").hears()
        house.linkComesUp()
        #expect(house.visitor("romeo").hears().filter { $0.contains("earlier") } == ["Mercutio (earlier): two"])
    }

    @Test(arguments: Flavor.allCases) func withoutAnArchiveHistorySinceThenServes(_ flavor: Flavor) {
        let house = Playhouse(flavor)
        house.service.hasArchive = false
        let romeo = house.visitor("romeo")
        romeo.isIn(as: "Romeo")
        house.others { Self.enter($0) }
        house.others { Self.say($0, "one") }
        for round in 2...3 {
            house.linkBreaks()
            house.others(Self.forgetOurs)
            house.others { Self.say($0, "\(round)") }
            _ = romeo.hears()
            house.linkComesUp()
            #expect(romeo.hears().filter { $0.contains("earlier") } == ["Mercutio (earlier): \(round)"])
        }
    }

    @Test func whatIsSaidDuringTheCatchUpComesAfterItAndOnce() {
        let house = interrupted(.prosody)
        house.others { Self.say($0, "two") }
        _ = house.visitor("romeo").hears()
        // The service answers the question for the archive late; somebody speaks before.
        house.holdsArchive = true
        house.linkComesUp()
        house.others { Self.say($0, "three") }
        house.holdsArchive = false
        house.releaseArchive()
        #expect(
            house.visitor("romeo").hears().filter { $0.contains(":") } == [
                "Mercutio (earlier): two", "Mercutio (earlier): three",
            ])
    }

    @Test func whoHasGoneMeanwhileIsGoneForTheClientToo() {
        let house = Playhouse()
        house.others { Self.enter($0) }
        house.others { $0.rooms[Playhouse.room]?.isLocked = false }
        house.visitor("romeo").isIn(as: "Romeo")
        house.visitor("juliet").isIn(as: "Juliet")
        house.linkBreaks()
        house.others(Self.forgetOurs)
        house.others {
            $0.leave(Self.mercutio, room: Playhouse.room)
            $0.rooms[Playhouse.room] = ScriptedService.Room()
        }
        for name in ["romeo", "juliet"] { _ = house.visitor(name).hears() }
        house.linkComesUp()
        let heard = ["romeo", "juliet"].map { house.visitor($0).hears() }
        for lines in heard { #expect(lines.filter { $0.contains("gone") } == ["Mercutio is gone"]) }
    }

    @Test func whoDoesNotComeBackIsGoneForThoseWhoDid() {
        let house = Playhouse { $0.rejoinsPerTick = 1 }
        let names = ["romeo", "juliet", "nurse"]
        for name in names { house.visitor(name).isIn(as: name) }
        house.linkBreaks()
        house.others(Self.forgetOurs)
        house.linkComesUp()
        let back = names.filter { name in
            house.service.rooms[Playhouse.room]?.occupants.contains { $0.nick == name } ?? false
        }
        #expect(back.count == 1)
        let gone = names.first { !back.contains($0) } ?? ""
        house.visitor(gone).ends()
        house.wait(1_000)
        for name in names where name != gone {
            #expect(house.visitor(name).hears().filter { $0.contains("gone") } == ["\(gone) is gone"])
        }
    }

    @Test func aNickThatWasTakenMeanwhileCostsThePlaceForATechnicalReason() {
        let house = interrupted(.prosody)
        house.others { $0.rooms[Playhouse.room]?.occupants.append((Playhouse.jid("tybalt@verona.example/1"), "Romeo")) }
        _ = house.visitor("romeo").hears()
        house.linkComesUp()
        #expect(house.visitor("romeo").hears() == ["Romeo is gone 110 333"])
        #expect(house.muc.occupantCount == 0)
    }

    @Test func theSubjectIsToldAgainOnlyWhenItHasChanged() {
        let house = interrupted(.prosody)
        house.linkComesUp()
        #expect(!house.visitor("romeo").hears().contains { $0.hasPrefix("subject") })
        house.linkBreaks()
        house.others(Self.forgetOurs)
        house.others { $0.rooms[Playhouse.room]?.subject = "plague" }
        house.linkComesUp()
        #expect(house.visitor("romeo").hears().contains("subject: plague"))
    }

    @Test(arguments: Flavor.allCases) func aRoomThatIsGoneIsMadeAgainBeforeAnybodyReturns(_ flavor: Flavor) {
        let house = interrupted(flavor)
        house.others { $0.rooms = [:] }
        _ = (house.visitor("romeo").hears(), house.service.takeReceived())
        house.linkComesUp()
        #expect(
            house.service.takeReceived().map(Transcript.request).prefix(6) == RoomPreparationTests.making.prefix(6))
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.service.rooms[Playhouse.room]?.affiliations == [Playhouse.keeper.bare: "owner"])
    }

    @Test func rejoiningSaysTheLastPresenceAndThePassword() throws {
        let house = Playhouse()
        let romeo = house.visitor("romeo")
        var join = Element("x", Namespace.muc)
        join.append(Element("password", Namespace.muc, text: "rose"))
        house.fromVisitor(
            Stanza(.presence, from: romeo.jid, to: house.service.address(Playhouse.room, "Romeo"), [join]))
        romeo.shows("Romeo", [Element("show", Namespace.client, text: "away")])
        house.linkBreaks()
        _ = house.service.takeReceived()
        house.linkComesUp()
        let rejoin = try #require(house.service.takeReceived().first { $0.from == romeo.jid })
        #expect(rejoin.child("show", Namespace.client)?.text == "away")
        #expect(rejoin.child("x", Namespace.muc)?.child("password", Namespace.muc)?.text == "rose")
    }

    @Test func rejoinsArePaced() {
        let house = Playhouse { $0.rejoinsPerTick = 3 }
        for number in 0..<10 { house.visitor("v\(number)").isIn(as: "V\(number)") }
        house.linkBreaks()
        house.others(Self.forgetOurs)
        house.wait(200)
        house.linkComesUp()
        #expect(house.service.rooms[Playhouse.room]?.occupants.count == 3)
        house.wait(200)
        #expect(house.service.rooms[Playhouse.room]?.occupants.count == 6)
        house.wait(400)
        #expect(house.service.rooms[Playhouse.room]?.occupants.count == 10)
    }

    @Test func aServiceThatComesUpAfterItsLinkIsWaitedFor() {
        let house = interrupted(.ejabberd)
        _ = house.visitor("romeo").hears()
        house.service.isSilent = true
        house.linkComesUp()
        house.wait(20_000)
        house.service.isSilent = false
        house.wait(20_000)
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
    }

    @Test func aRoomThatStaysAwayCostsThePlaceAfterAMinute() {
        let house = interrupted(.prosody)
        _ = house.visitor("romeo").hears()
        house.service.isSilent = true
        house.linkComesUp()
        house.wait(59_800)
        #expect(house.visitor("romeo").hears() == [])
        house.wait(200)
        #expect(house.visitor("romeo").hears() == ["Romeo is gone 110 333"])
    }

    @Test func aJoinWaitsForALinkThatIsDown() {
        let house = Playhouse(isUp: false)
        house.visitor("romeo").joins("Romeo")
        house.wait(1_000)
        house.linkComesUp()
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        house.linkBreaks()
        house.visitor("juliet").joins("Juliet")
        house.wait(15_000)
        #expect(house.visitor("juliet").hears() == ["presence error remote-server-timeout/wait"])
    }

    @Test func whoLeavesWhileTheLinkIsDownIsToldSoAndStaysAway() {
        let house = interrupted(.prosody)
        _ = house.visitor("romeo").hears()
        house.visitor("romeo").shows("Romeo", type: "unavailable")
        #expect(house.visitor("romeo").hears() == ["Romeo is gone 110"])
        house.linkComesUp()
        #expect(house.visitor("romeo").hears() == [])
    }

    @Test func whoIsBeingBroughtBackIsToldToWait() {
        let house = Playhouse { $0.rejoinsPerTick = 0 }
        house.visitor("romeo").isIn(as: "Romeo")
        house.linkBreaks()
        house.linkComesUp()
        _ = house.visitor("romeo").hears()
        house.visitor("romeo").says("Hello?")
        #expect(house.visitor("romeo").hears() == ["message error remote-server-timeout/wait"])
    }
}
