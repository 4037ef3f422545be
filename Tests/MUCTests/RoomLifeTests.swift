import Testing
import XMPP

@testable import MUC

/// How rooms are made, kept and given up.
@Suite struct RoomLifeTests {
    private func page(_ localpart: String, _ claim: RoomClaim?, _ isAdmin: Bool) -> RoomOrigin? {
        .page(url: "https://verona.example/\(localpart)", name: claim?.title ?? localpart)
    }

    @Test func thePolicyHearsTheClaimAndWhoAsks() {
        let stage = Stage(admins: ["prince@verona.example"])
        stage.policy.origin = { _, _, isAdmin in isAdmin ? .user : nil }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Romeo", [Element("page", Namespace.page, ["url": "u", "title": "t", "room": "r"])])
        #expect(romeo.hears() == ["presence error not-allowed/cancel"])
        #expect(stage.policy.claims == [RoomClaim(url: "u", title: "t", room: "r")])
        let prince = stage.actor("prince@verona.example/palace")
        prince.joins("Prince")
        #expect(prince.hears().first == "Prince is here: owner/moderator 110 201 <prince@verona.example/palace>")
    }

    @Test func aPageRoomIsOwnedByAdminsAndNeverByWhoCameFirst() {
        let stage = Stage(admins: ["prince@verona.example"])
        stage.policy.origin = page
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Romeo")
        #expect(romeo.hears().first == "Romeo is here: none/participant 110 201 <romeo@verona.example/orchard>")
        let prince = stage.actor("prince@verona.example/palace")
        prince.joins("Prince")
        #expect(prince.hears()[1] == "Prince is here: owner/moderator 110 <prince@verona.example/palace>")
    }

    @Test func aPageRoomStaysWhenTheLastOneLeavesAndAUserRoomGoes() {
        let stage = Stage()
        stage.policy.origin = { localpart, claim, isAdmin in
            localpart == "balcony" ? self.page(localpart, claim, isAdmin) : .user
        }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        romeo.isIn(as: "Romeo", room: "crypt")
        romeo.says("adieu")
        #expect(stage.service.sessionCount == 1)
        romeo.ends(.left)
        #expect(stage.service.sessionCount == 0)
        #expect(stage.room("balcony")?.isEmpty == true && stage.room("crypt") == nil)
        #expect(stage.service.occupiedRoomCount == 0 && stage.service.roomCount == 1)
    }

    @Test func aPageRoomWithNothingToRememberDoesNotStay() {
        let stage = Stage()
        stage.policy.origin = page
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        romeo.ends(.left)
        #expect(stage.service.roomCount == 0)
    }

    @Test func theRoomThatHasBeenEmptyLongestMakesPlace() {
        let stage = Stage { $0.rooms = 3 }
        stage.policy.origin = page
        let romeo = stage.actor("romeo@verona.example/orchard")
        for room in ["a", "b", "c"] {
            romeo.isIn(as: "Romeo", room: room)
            romeo.does(.message, "groupchat", to: room, [.body("I was here")])
        }
        for room in ["b", "a", "c"] { romeo.does(.presence, "unavailable", to: room) }
        // b was in use again after a and c were left.
        romeo.isIn(as: "Romeo", room: "b")
        romeo.does(.presence, "unavailable", to: "b")
        romeo.isIn(as: "Romeo", room: "d")
        #expect(Set(stage.service.rooms.keys) == ["b", "c", "d"])
    }

    @Test func aRoomInUseNeverMakesPlace() {
        let stage = Stage { $0.rooms = 2 }
        stage.policy.origin = page
        stage.actor("romeo@verona.example/orchard").isIn(as: "Romeo", room: "a")
        stage.actor("romeo@verona.example/orchard").isIn(as: "Romeo", room: "b")
        let juliet = stage.actor("juliet@verona.example/chamber")
        juliet.joins("Juliet", room: "c")
        #expect(juliet.hears() == ["presence error resource-constraint/wait"])
        #expect(Set(stage.service.rooms.keys) == ["a", "b"])
    }

    @Test func aRefusedJoinLeavesNoRoomInUse() {
        let stage = Stage(admins: ["prince@verona.example"]) { $0.rooms = 1 }
        stage.policy.origin = page
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins(
            "Romeo", room: "a", [Element("status", Namespace.client, text: String(repeating: "O", count: 9_000))])
        #expect(romeo.hears() == ["presence error policy-violation/modify"])
        romeo.joins("Romeo", room: "b")
        #expect(romeo.hears().count == 2)
    }

    @Test func theRoomsOfASessionAreBounded() {
        let stage = Stage { $0.roomsPerSession = 2 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo", room: "a")
        romeo.isIn(as: "Romeo", room: "b")
        romeo.joins("Romeo", room: "c")
        #expect(romeo.hears() == ["presence error resource-constraint/wait"])
        romeo.does(.presence, "unavailable", to: "a")
        _ = romeo.gets()
        romeo.joins("Romeo", room: "c")
        #expect(romeo.hears().count == 2)
    }

    @Test func limitsOfZeroAreLifted() {
        let stage = Stage { limits in
            limits.roomsPerSession = 0
            limits.rooms = 0
            limits.occupantsPerRoom = 0
            limits.sessionsPerOccupant = 0
        }
        let romeo = stage.actor("romeo@verona.example/orchard")
        for number in 0..<50 { romeo.isIn(as: "Romeo", room: "room\(number)") }
        for number in 0..<50 { stage.actor("romeo@verona.example/\(number)").isIn(as: "Romeo", room: "room0") }
        #expect(stage.service.roomCount == 50)
        #expect(stage.room("room0")?.sessions.count == 51)
    }

    @Test func aSummaryTellsWhatAnybodyMayKnow() {
        let stage = Stage()
        stage.policy.origin = page
        #expect(stage.service.summary(localpart: "balcony") == nil)
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Romeo", [Element("page", Namespace.page, ["url": "u", "title": "The balcony"])])
        #expect(
            stage.service.summary(localpart: "balcony")
                == RoomSummary(name: "The balcony", occupants: 1, readers: 0, lastActivity: nil))
        romeo.says("light")
        #expect(stage.service.summary(localpart: "balcony")?.lastActivity == stage.now)
    }

    @Test func aTitleIsCutToTheLongestName() {
        let stage = Stage { $0.nameLength = 10 }
        stage.policy.origin = page
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Romeo", [Element("page", Namespace.page, ["url": "u", "title": "\u{1F339}\u{1F339}\u{1F339}"])])
        #expect(stage.service.summary(localpart: "balcony")?.name == "\u{1F339}\u{1F339}")
    }

    @Test func stanzasThatAreNotForTheServiceDoNothing() {
        let stage = Stage()
        let elsewhere = Stanza(.iq, type: "get", id: "1", from: JID("a@b/c"), to: JID("room@elsewhere"))
        #expect(stage.service.handle(elsewhere, now: 0).effects.isEmpty)
        #expect(stage.service.handle(Stanza(.message, from: JID("a@b/c")), now: 0).effects.isEmpty)
        #expect(stage.service.handle(Stanza(.message, to: Stage.jid("r@\(Stage.service)")), now: 0).effects.isEmpty)
    }
}
