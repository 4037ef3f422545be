import Testing
import XMPP

@testable import MUC

/// Rooms that somebody makes by joining them (XEP-0045 §10.1).
@Suite struct CreationTests: Verona {
    let stage = Stage()
    static let ask = Element("query", Namespace.mucOwner)

    init() {
        romeo.joins("Romeo")
    }

    @Test func whoMakesARoomOwnsItAndIsTold201() {
        #expect(romeo.hears().first == "Romeo is here: owner/moderator 110 201 <romeo@verona.example/orchard>")
    }

    @Test func aRoomIsOpenToOthersAtOnce() {
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 3)
    }

    @Test func aRoomThatItsOwnerConfiguresFirstIsLockedUntilThatIsDone() {
        romeo.asks(Self.ask)
        juliet.joins("Juliet")
        #expect(juliet.hears() == ["presence error item-not-found/cancel"])
        juliet.asks(Element("query", Namespace.discoItems), of: "")
        #expect(juliet.gets().last?.payload.first?.children == [])
        romeo.configures(["muc#roomconfig_roomname": "Balcony"])
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 3)
        #expect(juliet.asked(Element("query", Namespace.discoItems), of: "")?.children.count == 1)
    }

    @Test func aFormThatIsNeverSentLocksARoomForTenMinutes() {
        romeo.asks(Self.ask)
        stage.now += 599_999
        juliet.joins("Juliet")
        stage.now += 1
        juliet.joins("Juliet")
        #expect(juliet.hears().first == "presence error item-not-found/cancel")
        #expect(stage.room()?.occupants.count == 2)
        #expect(stage.service.listed.names == ["balcony"])
    }

    @Test func aLookAtTheFormLaterOnLocksNobodyOut() {
        stage.now += 60_000
        romeo.asks(Self.ask)
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 3)
        romeo.asks(Actor.configuration([:], kind: .cancel), type: "set")
        #expect(stage.room()?.occupants.count == 2)
    }

    @Test func anInstantRoomOpensItToo() {
        romeo.asks(Self.ask)
        romeo.configures([:])
        juliet.joins("Juliet")
        #expect(juliet.hears().count == 3)
    }

    @Test func anOtherDeviceOfTheOwnerEntersALockedRoom() {
        romeo.asks(Self.ask)
        let phone = stage.actor("romeo@verona.example/phone")
        phone.joins("Romeo")
        #expect(phone.hears().count == 2)
    }

    @Test func aFormThatIsRefusedLeavesTheRoomLocked() {
        romeo.asks(Self.ask)
        romeo.configures(["muc#roomconfig_whois": "nobody"])
        juliet.joins("Juliet")
        #expect(juliet.hears() == ["presence error item-not-found/cancel"])
    }

    @Test func cancellingTheFirstFormEndsTheRoom() {
        _ = romeo.gets()
        romeo.asks(Self.ask)
        romeo.asks(Actor.configuration([:], kind: .cancel), type: "set")
        #expect(romeo.hears() == ["iq result query", "Romeo is gone: none/none 110 destroyed", "iq result"])
        #expect(stage.service.roomCount == 0)
    }

    @Test func leavingALockedRoomEndsIt() {
        romeo.asks(Self.ask)
        romeo.leaves("Romeo")
        #expect(stage.service.roomCount == 0)
        juliet.joins("Juliet")
        #expect(juliet.hears().first?.contains("201") == true)
    }

    @Test func aRoomWithOthersInsideIsNotLockedByItsForm() {
        juliet.isIn(as: "Juliet")
        romeo.asks(Self.ask)
        stage.actor("nurse@verona.example/door").joins("Nurse")
        #expect(stage.actor("nurse@verona.example/door").hears().count == 4)
    }

    @Test func cancellingALaterFormChangesNothing() {
        romeo.configures([:])
        _ = romeo.gets()
        romeo.asks(Self.ask)
        romeo.asks(Actor.configuration(["muc#roomconfig_roomname": "x"], kind: .cancel), type: "set")
        #expect(romeo.hears() == ["iq result query", "iq result"])
        #expect(stage.room()?.configuration.name == "balcony")
    }

    @Test func aTemporaryRoomGoesWithTheLastAndAPersistentOneStays() {
        romeo.configures(["muc#roomconfig_persistentroom": "1"])
        romeo.leaves("Romeo")
        #expect(stage.service.roomCount == 1)
        romeo.joins("Romeo")
        romeo.configures(["muc#roomconfig_persistentroom": "0"])
        romeo.leaves("Romeo")
        #expect(stage.service.roomCount == 0)
        #expect(stage.changes["balcony"]?.last == .destroyed)
    }
}
