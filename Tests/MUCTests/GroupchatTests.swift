import Testing
import XMPP

@testable import MUC

@Suite struct GroupchatTests: Verona {
    let stage = Stage()

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    @Test func aMessageIsReflectedToAllWithTheSendersID() throws {
        juliet.says("O Romeo", id: "j7")
        let toRomeo = try #require(romeo.gets().first)
        let toJuliet = try #require(juliet.gets().first)
        #expect(toRomeo.id == "j7" && toJuliet.id == "j7")
        #expect(toRomeo.from == Stage.jid("balcony@\(Stage.service)/Juliet") && toRomeo.type == "groupchat")
        #expect(toRomeo.payload == toJuliet.payload)
    }

    @Test func aStrangersMessageIsNotAcceptable() {
        nurse.says("Madam!")
        #expect(nurse.hears() == ["message error not-acceptable/modify"])
        #expect(romeo.hears() == [])
    }

    @Test func aMessageToARoomThatIsNotIsItemNotFound() {
        nurse.does(.message, "groupchat", to: "crypt", [.body("hello?")])
        #expect(nurse.hears() == ["message error item-not-found/cancel"])
    }

    @Test func aVisitorInAModeratedRoomHasNoVoice() throws {
        try #require(stage.room()).configuration.isModerated = true
        nurse.isIn(as: "Nurse")
        _ = (romeo.gets(), juliet.gets())
        nurse.says("Madam!")
        #expect(nurse.hears() == ["message error forbidden/auth"])
        #expect(juliet.hears() == [])
    }

    @Test func extensionsPassUnchangedAndInOrder() throws {
        let extensions = [
            Element("active", Namespace.chatStates),
            Element("replace", "urn:xmpp:message-correct:0", ["id": "j6"]),
            Element("delay", Namespace.delay, ["from": "bridge.example", "stamp": "2026-01-01T00:00:00Z"]),
            Element("stanza-id", Namespace.stanzaIDs, ["by": "other@room.example", "id": "theirs"]),
        ]
        juliet.says("O", extensions)
        let payload = try #require(romeo.gets().first).payload
        #expect(Array(payload.prefix(5)) == [.body("O")] + extensions)
        #expect(payload.dropFirst(5).map(\.name) == ["occupant-id", "stanza-id"])
    }

    @Test func whatOnlyTheRoomMaySayIsRemovedHoweverOften() throws {
        let room = "balcony@\(Stage.service)"
        juliet.says(
            "I am the Prince",
            [
                Element("occupant-id", Namespace.occupantID, ["id": "id-of-prince-in-balcony"]),
                Element("occupant-id", Namespace.occupantID, ["id": "id-of-prince-in-balcony"]),
                Element("stanza-id", Namespace.stanzaIDs, ["by": room, "id": "forged"]),
                Element("stanza-id", Namespace.stanzaIDs, ["by": "Balcony@ROOMS.verona.example", "id": "forged"]),
                Element("x", Namespace.mucUser, [Element("invite", Namespace.mucUser)]),
                Element("delay", Namespace.delay, ["from": room, "stamp": "1970-01-01T00:00:00Z"]),
                Element("delay", Namespace.delay, ["from": room + "/Romeo", "stamp": "1970-01-01T00:00:00Z"]),
                Element("delay", Namespace.delay, ["stamp": "1970-01-01T00:00:00Z"]),
                Element("x", "jabber:x:delay", ["from": room, "stamp": "19700101T00:00:00"]),
            ])
        let message = try #require(romeo.gets().first)
        #expect(message.payload.map(\.name) == ["body", "occupant-id", "stanza-id"])
        #expect(message.child("occupant-id", Namespace.occupantID)?["id"] == "id-of-juliet-in-balcony")
        #expect(message.child("stanza-id", Namespace.stanzaIDs)?["id"] != "forged")
    }

    @Test func stanzaIDsAreByTheRoomUniqueAndSorted() throws {
        for _ in 0..<50 { juliet.says("again") }
        stage.now -= 60_000
        for _ in 0..<50 { juliet.says("and again") }
        let ids = romeo.gets().compactMap { message in
            message.payload.last.flatMap { $0["by"] == "balcony@\(Stage.service)" ? $0["id"] : nil }
        }
        #expect(ids.count == 100 && Set(ids).count == 100 && ids == ids.sorted())
    }

    @Test func messagesWithoutABodyAreReflectedButNotRemembered() {
        juliet.does(.message, "groupchat", [Element("composing", Namespace.chatStates)])
        #expect(romeo.hears() == ["Juliet sends composing"])
        nurse.joins("Nurse")
        #expect(nurse.hears().contains { $0.contains("earlier") } == false)
    }

    @Test func aMessageOfAnotherTypeToTheRoomIsRefused() {
        juliet.does(.message, "normal", [.body("to all?")])
        juliet.does(.message, nil, [.body("to all?")])
        #expect(
            juliet.hears() == ["message error service-unavailable/cancel", "message error service-unavailable/cancel"])
        #expect(romeo.hears() == [])
    }

    @Test func aMessageToTheServiceItselfIsRefused() {
        juliet.does(.message, "groupchat", to: "", [.body("anybody?")])
        #expect(juliet.hears() == ["message error service-unavailable/cancel"])
    }

    @Test func aRoomIsOnlyHeardByThoseInIt() {
        nurse.isIn(as: "Nurse", room: "chapel")
        juliet.says("O Romeo")
        #expect(nurse.hears() == [])
    }

    @Test func oneBroadcastCarriesAMessageToEverybody() throws {
        let message = Stanza(.message, type: "groupchat", from: juliet.jid, to: stage.room()?.jid, [.body("once")])
        let effects = stage.service.handle(message, now: stage.now).effects
        #expect(effects.count == 1)
        guard case .broadcast(let stanza, let recipients) = try #require(effects.first) else {
            Issue.record("not a broadcast")
            return
        }
        #expect(stanza.to == nil && Set(recipients) == [romeo.jid, juliet.jid])
    }
}
