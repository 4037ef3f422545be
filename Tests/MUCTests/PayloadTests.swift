import Testing
import XMPP

@testable import MUC

/// Extensions that pass through a room: unchanged, but for what only the room may say.
@Suite struct PayloadTests: Verona {
    let stage = Stage()
    let staff = Hat(uri: "https://verona.example/hats#staff", title: "Staff")

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    static let payloads: [(String, Element)] = [
        ("a correction (XEP-0308)", Element("replace", "urn:xmpp:message-correct:0", ["id": "m0"])),
        (
            "reactions (XEP-0444)",
            Element(
                "reactions", "urn:xmpp:reactions:0", ["id": "m0"],
                [Element("reaction", "urn:xmpp:reactions:0", text: "🌹")])
        ),
        (
            "a reply (XEP-0461)",
            Element("reply", "urn:xmpp:reply:0", ["id": "m0", "to": "balcony@rooms.verona.example/Juliet"])
        ),
        ("a chat state (XEP-0085)", Element("composing", Namespace.chatStates)),
        ("a marker (XEP-0333)", Element("displayed", "urn:xmpp:chat-markers:0", ["id": "m0"])),
        ("a fallback (XEP-0428)", Element("fallback", "urn:xmpp:fallback:0", ["for": "urn:xmpp:reply:0"])),
        ("an origin id (XEP-0359)", Element("origin-id", Namespace.stanzaIDs, ["id": "o1"])),
        ("a stanza id of another room", Element("stanza-id", Namespace.stanzaIDs, ["by": "a@b.example", "id": "s"])),
        ("a retraction (XEP-0424)", Element("retract", Namespace.retraction, ["id": "m0"])),
        (
            "a direct invitation (XEP-0249)",
            Element("x", Namespace.directInvitation, ["jid": "crypt@rooms.verona.example"])
        ),
        ("what nobody here knows", Element("x", "urn:unknown", ["a": "<&'\">"])),
    ]

    @Test(arguments: payloads)
    func passesUnchangedToAllAndToOne(_ name: String, _ payload: Element) throws {
        juliet.does(.message, "groupchat", id: "m1", [payload, .body("x")])
        let message = try #require(romeo.gets().last)
        #expect(message.payload.contains(payload) && message.id == "m1", "\(name)")
        juliet.does(.message, "chat", id: "m2", to: "balcony/Romeo", [payload])
        #expect(try #require(romeo.gets().last).payload.contains(payload), "\(name)")
    }

    // MARK: Hats (XEP-0317)

    @Test func nobodyPutsOnAHatOfItsOwn() throws {
        for namespace in [Namespace.hats, Namespace.legacyHats] {
            let forged = Element(
                "hats", namespace, [Element("hat", namespace, ["uri": staff.uri, "title": "Staff"])])
            juliet.does(.presence, to: "balcony/Juliet", [forged])
            juliet.says("trust me", [forged])
            stage.actor("paris@verona.example/church").joins("Paris", [forged])
            for stanza in romeo.gets() { #expect(!stanza.payload.contains { $0.name == "hats" }) }
        }
    }

    @Test func thePolicyGivesHats() throws {
        stage.policy.hats = ["nurse": [staff]]
        let nurse = stage.actor("nurse@verona.example/door")
        nurse.joins("Nurse")
        nurse.does(.presence, to: "balcony/Nurse", [Element("show", Namespace.client, text: "away")])
        let seen = romeo.gets().filter { $0.from?.resource == "Nurse" }
        #expect(seen.count == 2)
        for stanza in seen {
            let hat = stanza.child("hats", Namespace.hats)?.child("hat", Namespace.hats)
            #expect(hat?["uri"] == staff.uri && hat?["title"] == "Staff")
        }
        stage.actor("paris@verona.example/church").joins("Paris")
        let told = stage.actor("paris@verona.example/church").gets().first { $0.from?.resource == "Nurse" }
        #expect(told?.child("hats", Namespace.hats) != nil)
    }

    // MARK: The picture of a room (XEP-0486)

    @Test func aRoomHasThePictureThatThePolicyGives() throws {
        let info = Element("query", Namespace.discoInfo)
        let card = Element("vCard", Namespace.vCard)
        func hash() -> String? {
            let form = romeo.asked(info)?.child("x", Namespace.dataForms)
            return form.flatMap { try? DataForm($0, maximumFields: 99) }?.value("muc#roominfo_avatarhash")
        }
        #expect(hash() == nil)
        #expect(romeo.asked(card)?.child("PHOTO", Namespace.vCard) == nil)
        stage.policy.avatar = RoomAvatar(mediaType: "image/png", hash: "a31c", base64: "iVBO")
        #expect(hash() == "a31c")
        let seen = try #require(stage.actor("paris@verona.example/church").asked(card))
        #expect(seen.child("FN", Namespace.vCard)?.text == "balcony")
        let photo = seen.child("PHOTO", Namespace.vCard)
        #expect(photo?.child("TYPE", Namespace.vCard)?.text == "image/png")
        #expect(photo?.child("BINVAL", Namespace.vCard)?.text == "iVBO")
    }

    @Test func nobodySetsIt() {
        romeo.asks(Element("vCard", Namespace.vCard), type: "set")
        #expect(romeo.hears() == ["iq error forbidden/auth"])
    }
}
