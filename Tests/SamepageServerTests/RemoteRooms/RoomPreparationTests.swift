import MUC
import Testing
import XMPP

@testable import SamepageServer

/// The keeper makes sure that a room exists and is ours before any visitor enters it.
@Suite struct RoomPreparationTests {
    typealias Flavor = ScriptedService.Flavor

    static let making = [
        "keeper: iq get disco#info", "keeper: presence samepage", "keeper: iq get muc#owner",
        "keeper: iq set muc#owner", "keeper: presence unavailable samepage", "romeo: presence Romeo",
    ]

    @Test(arguments: Flavor.allCases) func theKeeperMakesTheRoomAndLeavesBeforeTheVisitorEnters(_ flavor: Flavor) {
        let house = Playhouse(flavor)
        house.visitor("romeo").joins("Romeo", title: "Balcony")
        #expect(house.service.takeReceived().map(Transcript.request) == Self.making)
        #expect(house.visitor("romeo").hears() == ["Romeo is here 110", "subject: "])
    }

    @Test(arguments: Flavor.allCases) func aPageRoomIsPersistentNamedAfterThePageAndOwnedByTheKeeperAlone(
        _ flavor: Flavor
    ) throws {
        let house = Playhouse(flavor)
        house.visitor("romeo").isIn(as: "Romeo")
        house.visitor("juliet").joins("Juliet", title: "Another title")
        let room = try #require(house.service.rooms[Playhouse.room])
        #expect(room.isPersistent && room.name == "Verona" && room.description == "https://verona.example")
        #expect(room.affiliations == [Playhouse.keeper.bare: "owner"])
    }

    @Test(arguments: Flavor.allCases) func configuredAdminsBecomeOwners(_ flavor: Flavor) throws {
        let house = Playhouse(flavor, admins: ["prince@verona.example", "friar@verona.example"])
        house.visitor("romeo").isIn(as: "Romeo")
        let room = try #require(house.service.rooms[Playhouse.room])
        #expect(room.affiliations[Playhouse.jid("prince@verona.example")] == "owner")
        #expect(room.affiliations[Playhouse.jid("friar@verona.example")] == "owner")
        #expect(house.visitor("romeo").hears() == [])
    }

    @Test func concurrentJoinsShareOnePreparation() {
        let house = Playhouse()
        house.service.isSilent = true
        house.visitor("romeo").joins("Romeo")
        house.visitor("juliet").joins("Juliet")
        #expect(house.service.takeReceived().map(Transcript.request) == ["keeper: iq get disco#info"])
        house.service.isSilent = false
        house.wait(12_000)
        #expect(house.visitor("juliet").hears().contains("Juliet is here 110"))
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.service.takeReceived().filter { Transcript.request($0) == "keeper: iq set muc#owner" }.count == 1)
    }

    @Test func aReadyRoomIsEnteredAtOnce() {
        let house = Playhouse()
        house.visitor("romeo").isIn(as: "Romeo")
        _ = house.service.takeReceived()
        house.visitor("juliet").joins("Juliet")
        #expect(house.service.takeReceived().map(Transcript.request) == ["juliet: presence Juliet"])
    }

    @Test func thePageOfAJoinNeverLeavesUs() {
        let house = Playhouse()
        house.visitor("romeo").joins("Romeo", title: "Balcony")
        house.visitor("juliet").joins("Juliet", title: "Balcony")
        let sent = house.service.takeReceived()
        #expect(sent.count == 7)
        #expect(!sent.contains { "\($0.element)".contains(Namespace.page) })
    }

    @Test func aRoomOfSomebodyElseIsUsedAsItIs() throws {
        let house = Playhouse()
        let capulet = Playhouse.jid("capulet@verona.example/hall")
        house.others {
            let address = $0.address(Playhouse.room, "Capulet")
            $0.presence(
                Stanza(.presence, from: capulet, to: address, [Element("x", Namespace.muc)]),
                from: capulet, room: Playhouse.room, nick: "Capulet")
            $0.rooms[Playhouse.room]?.isLocked = false
        }
        house.visitor("romeo").joins("Romeo")
        #expect(
            house.service.takeReceived().map(Transcript.request) == [
                "keeper: iq get disco#info", "keeper: presence samepage", "keeper: presence unavailable samepage",
                "romeo: presence Romeo",
            ])
        #expect(house.visitor("romeo").hears() == ["Capulet is here", "Romeo is here 110", "subject: "])
        #expect(house.service.rooms[Playhouse.room]?.isPersistent == false)
    }

    @Test func aPersistentRoomIsNotEvenEnteredByTheKeeper() {
        let house = Playhouse()
        house.visitor("romeo").isIn(as: "Romeo")
        house.linkBreaks()
        house.linkComesUp()
        _ = house.service.takeReceived()
        house.visitor("juliet").joins("Juliet")
        #expect(!house.service.takeReceived().contains { $0.from == Playhouse.keeper && $0.kind == .presence })
    }

    @Test func aRoomThatWasNeverFinishedIsFinished() throws {
        let house = Playhouse()
        house.others {
            let room = ScriptedService.Room()
            room.affiliations[Playhouse.keeper.bare] = "owner"
            room.isLocked = true
            $0.rooms[Playhouse.room] = room
        }
        house.visitor("romeo").joins("Romeo")
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.service.rooms[Playhouse.room]?.isPersistent == true)
    }

    @Test func theKeeperTakesAnotherNickWhenItsOwnIsTaken() {
        let house = Playhouse()
        let capulet = Playhouse.jid("capulet@verona.example/hall")
        house.others {
            let room = ScriptedService.Room()
            room.occupants = [(capulet, "samepage")]
            $0.rooms[Playhouse.room] = room
        }
        house.visitor("romeo").joins("Romeo")
        #expect(
            house.service.takeReceived().map(Transcript.request).filter { $0.hasPrefix("keeper: presence") } == [
                "keeper: presence samepage", "keeper: presence samepage-2", "keeper: presence unavailable samepage-2",
            ])
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
    }

    @Test(arguments: Flavor.allCases) func whereRoomsCannotPersistTheKeeperStays(_ flavor: Flavor) {
        let house = Playhouse(flavor)
        house.service.offersPersistence = false
        house.visitor("romeo").joins("Romeo")
        #expect(
            house.visitor("romeo").hears() == ["samepage is here", "Romeo is here 110", "subject: "])
        #expect(house.notices.count == 1)
        house.visitor("romeo").ends()
        #expect(house.service.rooms[Playhouse.room]?.occupants.map(\.nick) == ["samepage"])
    }

    @Test func configurationThatIsRefusedLeavesTheDefaultsOfTheService() {
        let house = Playhouse(admins: ["prince@verona.example"])
        house.service.refusesConfiguration = true
        house.visitor("romeo").joins("Romeo")
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        let room = house.service.rooms[Playhouse.room]
        #expect(room?.isLocked == false && room?.affiliations[Playhouse.jid("prince@verona.example")] == "owner")
        #expect(house.notices.count == 1)
    }

    struct Denial: CustomTestStringConvertible {
        let testDescription: String
        let error: StanzaError
    }

    static let denials = [
        Denial(testDescription: "Prosody: restrict_room_creation", error: .notAllowed("Room creation is restricted")),
        Denial(testDescription: "ejabberd: access_create", error: StanzaError(.forbidden, .auth)),
    ]

    @Test(arguments: denials) func aServiceThatForbidsCreationIsToldToTheAdminOnceAndToVisitorsClearly(
        _ denial: Denial
    ) throws {
        let house = Playhouse()
        house.service.creationError = denial.error
        for name in ["romeo", "juliet"] { house.visitor(name).joins(name) }
        #expect(house.visitor("romeo").hears() == ["presence error not-allowed/cancel"])
        #expect(house.visitor("juliet").hears() == ["presence error not-allowed/cancel"])
        let notice = try #require(house.notices.first)
        #expect(house.notices.count == 1)
        #expect(notice.contains("restrict_room_creation = false") && notice.contains("access_create"))
    }

    @Test func aDenialIsRememberedForAWhileAndLiftedWhenItWorks() {
        let house = Playhouse()
        house.service.creationError = .notAllowed()
        house.visitor("romeo").joins("Romeo")
        _ = house.service.takeReceived()
        house.visitor("romeo").joins("Romeo")
        #expect(house.service.takeReceived() == [])
        house.service.creationError = nil
        house.wait(house.muc.limits.refusalTime)
        _ = house.visitor("romeo").hears()
        house.visitor("romeo").joins("Romeo")
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.notices.last?.contains("makes") == false && house.notices.count == 2)
    }

    @Test func anExistingRoomIsEnteredWhereMakingRoomsIsForbidden() {
        let house = Playhouse()
        house.service.creationError = .notAllowed()
        house.others {
            $0.rooms[Playhouse.room] = ScriptedService.Room()
            $0.rooms[Playhouse.room]?.affiliations[Playhouse.keeper.bare] = "outcast"
        }
        house.visitor("romeo").joins("Romeo")
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.notices == [])
    }

    @Test func whatIsNoPageIsEnteredIfItExistsAndElseRefusedByTheRules() {
        let house = Playhouse()
        house.others { $0.rooms["lobby"] = ScriptedService.Room() }
        house.visitor("romeo").joins("Romeo", room: "lobby")
        house.visitor("juliet").joins("Juliet", room: "nowhere")
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.visitor("juliet").hears() == ["presence error not-allowed/cancel"])
        #expect(house.service.rooms["nowhere"] == nil)
        #expect(house.muc.rooms["nowhere"] == nil)
    }

    @Test func aVisitorWithTheRightClaimIsNotHeldUpByOneWithout() {
        let house = Playhouse()
        house.policy.origin = { _, claim in claim.map { .page(url: $0.url, name: $0.title ?? "") } }
        house.service.isSilent = true
        house.visitor("romeo").joins("Romeo")
        house.visitor("juliet").joins("Juliet", title: "Verona")
        house.service.isSilent = false
        house.wait(12_000)
        #expect(house.visitor("juliet").hears().contains("Juliet is here 110"))
    }

    @Test func aUserRoomBelongsToTheKeeperTooAndGoesWithTheLastVisitor() {
        let house = Playhouse()
        house.policy.origin = { _, _ in .user }
        house.visitor("romeo").joins("Romeo", room: "secret")
        #expect(house.visitor("romeo").hears().contains("Romeo is here 110"))
        #expect(house.service.rooms["secret"]?.affiliations == [Playhouse.keeper.bare: "owner"])
        house.visitor("romeo").ends()
        #expect(house.service.rooms["secret"] == nil)
        #expect(house.muc.rooms["secret"] == nil)
    }

    @Test func aSilentServiceIsATimeoutAfterFifteenSeconds() {
        let house = Playhouse()
        house.service.isSilent = true
        house.visitor("romeo").joins("Romeo")
        house.wait(14_800)
        #expect(house.visitor("romeo").hears() == [])
        house.wait(200)
        #expect(house.visitor("romeo").hears() == ["presence error remote-server-timeout/wait"])
        #expect(house.muc.occupantCount == 0 && house.muc.waitingCount == 0)
    }

    @Test func joinsThatWaitAreBounded() {
        let house = Playhouse { $0.waitingJoins = 1 }
        house.service.isSilent = true
        house.visitor("romeo").joins("Romeo")
        house.visitor("juliet").joins("Juliet")
        #expect(house.visitor("juliet").hears() == ["presence error resource-constraint/wait"])
        #expect(house.muc.waitingCount == 1)
    }

    @Test func roomsAreSeenToInTurn() {
        let house = Playhouse { $0.preparations = 1 }
        house.policy.origin = { _, _ in .page(url: "", name: "") }
        house.service.isSilent = true
        for room in ["a", "b"] { house.visitor("romeo").joins("Romeo", room: room) }
        #expect(house.service.takeReceived().count == 1)
        house.service.isSilent = false
        house.wait(13_000)
        #expect(house.visitor("romeo").hears().filter { $0 == "Romeo is here 110" }.count == 2)
    }

    @Test func theRoomsWithoutVisitorsThatAreRememberedAreBounded() {
        let house = Playhouse { $0.rooms = 2 }
        house.policy.origin = { _, _ in .page(url: "", name: "") }
        for room in ["a", "b", "c"] {
            house.visitor("romeo").isIn(as: "Romeo", room: room)
            house.visitor("romeo").ends()
        }
        #expect(Set(house.muc.rooms.keys) == ["b", "c"])
        for name in ["romeo", "juliet"] { house.visitor(name).isIn(as: name, room: name) }
        house.visitor("nurse").joins("Nurse", room: "d")
        #expect(house.visitor("nurse").hears() == ["presence error resource-constraint/wait"])
    }

    @Test func theKeeperAnswersAPingAndNothingElse() {
        let house = Playhouse()
        let other = house.service.address(Playhouse.room, "Romeo")
        func ask(_ type: String, _ payload: Element) -> [RemoteRoomsEffect] {
            house.muc.fromService(
                Stanza(.iq, type: type, id: "1", from: other, to: Playhouse.keeper, [payload]), now: house.now)
        }
        #expect(
            ask("get", Element("ping", Namespace.ping)) == [
                .toService(Stanza(.iq, type: "result", id: "1", from: Playhouse.keeper, to: other))
            ])
        guard case .toService(let error) = ask("get", Element("query", Namespace.version)).first else {
            Issue.record("no answer")
            return
        }
        #expect(error.reportedError?.condition == .serviceUnavailable)
        #expect(ask("result", Element("query", Namespace.version)) == [])
    }
}
