import Testing
import XMPP

@testable import MUC

@Suite struct PrivateMessageTests: Verona {
    let stage = Stage()

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    @Test func aPrivateMessageReachesItsRecipientAlone() throws {
        juliet.whispers(
            "Three words", to: "Romeo", [Element("x", Namespace.mucUser, [Element("item", Namespace.mucUser)])])
        let message = try #require(romeo.gets().first)
        #expect(message.from == Stage.jid("balcony@\(Stage.service)/Juliet") && message.type == "chat")
        #expect(message.payload.map(\.name) == ["body", "occupant-id", "x"])
        #expect(message.child("x", Namespace.mucUser) == Element("x", Namespace.mucUser))
        #expect(message.child("occupant-id", Namespace.occupantID)?["id"] == "id-of-juliet-in-balcony")
        #expect(juliet.hears() == [] && stage.waiting == [])
    }

    @Test func aPrivateMessageReachesEverySessionOfTheNick() {
        let phone = stage.actor("romeo@verona.example/phone")
        phone.isIn(as: "Romeo")
        juliet.whispers("Three words", to: "Romeo")
        #expect(romeo.hears() == ["Juliet whispers: Three words"])
        #expect(phone.hears() == ["Juliet whispers: Three words"])
    }

    @Test func toANickThatNobodyHasIsItemNotFound() {
        juliet.whispers("Paris?", to: "Paris")
        #expect(juliet.hears() == ["message error item-not-found/cancel"])
    }

    @Test func ofAStrangerIsNotAcceptable() {
        nurse.whispers("Sir!", to: "Romeo")
        #expect(nurse.hears() == ["message error not-acceptable/modify"])
        #expect(romeo.hears() == [])
    }

    @Test func ofTypeGroupchatIsABadRequest() {
        juliet.does(.message, "groupchat", to: "balcony/Romeo", [.body("psst")])
        #expect(juliet.hears() == ["message error bad-request/modify"])
    }

    @Test func isNeverRemembered() {
        juliet.whispers("Three words", to: "Romeo")
        #expect(stage.room()?.history.count == 0)
    }

    @Test func anErrorAboutOneGoesBackToItsSender() throws {
        let error = Element(
            "error", Namespace.client, ["type": "wait"], [Element("resource-constraint", Namespace.stanzaErrors)])
        romeo.does(.message, "error", id: "j1", to: "balcony/Juliet", [.body("quoted"), error])
        let heard = try #require(juliet.gets().first)
        #expect(heard.from == Stage.jid("balcony@\(Stage.service)/Romeo") && heard.id == "j1")
        #expect(heard.payload == [error])
        #expect(stage.room()?.summary.occupants == 2)
    }
}
