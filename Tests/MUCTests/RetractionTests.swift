import Testing
import XMPP

@testable import MUC

@Suite struct RetractionTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    /// Romeo owns the room; Juliet and the nurse are participants.
    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        nurse.isIn(as: "Nurse")
        hush()
    }

    private func hush() {
        for actor in [romeo, juliet, nurse] { _ = actor.gets() }
    }

    /// Says something and returns the id that the room gave it.
    private func id(of body: String, by actor: Actor) throws -> String {
        actor.says(body, id: "m1")
        let message = try #require(actor.gets().last)
        hush()
        return try #require(message.child("stanza-id", Namespace.stanzaIDs)?["id"])
    }

    private func request(_ id: String?, reason: String? = nil, isLegacy: Bool = false) -> Element {
        let namespace = isLegacy ? Namespace.legacyModeration : Namespace.moderation
        var moderate = Element("moderate", namespace, isLegacy ? [:] : ["id": id])
        moderate.append(Element("retract", isLegacy ? Namespace.legacyRetraction : Namespace.retraction))
        if let reason { moderate.append(Element("reason", namespace, text: reason)) }
        return isLegacy ? Element("apply-to", Namespace.fastening, ["id": id], [moderate]) : moderate
    }

    private func retract(_ id: String, isLegacy: Bool = false) -> Element {
        isLegacy
            ? Element(
                "apply-to", Namespace.fastening, ["id": id], [Element("retract", Namespace.legacyRetraction)])
            : Element("retract", Namespace.retraction, ["id": id])
    }

    private func history(_ nick: String = "Paris") -> [Stanza] {
        let paris = stage.actor("\(nick.lowercased())@verona.example/church")
        paris.joins(nick)
        return paris.gets().filter { $0.kind == .message && $0.child("subject", Namespace.client) == nil }
    }

    // MARK: By moderators

    @Test(arguments: [false, true])
    func aModeratorTakesBackWhatSomebodySaid(isLegacy: Bool) throws {
        let id = try id(of: "fie", by: juliet)
        romeo.asks(request(id, reason: "manners", isLegacy: isLegacy), type: "set")
        #expect(romeo.hears().last == "iq result")
        let message = try #require(nurse.gets().last)
        #expect(message.from == stage.room()?.jid && message.type == "groupchat" && message.id != nil)
        let retract = try #require(message.child("retract", Namespace.retraction))
        #expect(retract["id"] == id && retract.child("reason", Namespace.retraction)?.text == "manners")
        let moderated = try #require(retract.child("moderated", Namespace.moderation))
        #expect(moderated["by"] == "balcony@\(Stage.service)/Romeo")
        #expect(moderated.child("occupant-id", Namespace.occupantID)?["id"] == "id-of-romeo-in-balcony")
        let old = try #require(message.child("apply-to", Namespace.fastening))
        let oldModerated = try #require(old.child("moderated", Namespace.legacyModeration))
        #expect(old["id"] == id && oldModerated.child("retract", Namespace.legacyRetraction) != nil)
        #expect(oldModerated.child("reason", Namespace.legacyModeration)?.text == "manners")
        #expect(message.child("stanza-id", Namespace.stanzaIDs)?["id"] == message.id)
    }

    @Test func newcomersFindATombstone() throws {
        let id = try id(of: "fie", by: juliet)
        romeo.asks(request(id, reason: "manners"), type: "set")
        let stone = try #require(history().first)
        #expect(stone.from?.resource == "Juliet" && stone.id == "m1" && !stone.hasChild("body"))
        #expect(Set(stone.payload.map(\.name)) == ["occupant-id", "stanza-id", "delay", "retracted"])
        let retracted = try #require(stone.child("retracted", Namespace.retraction))
        #expect(retracted["id"] != nil && retracted["stamp"] != nil)
        #expect(retracted.child("moderated", Namespace.moderation) != nil)
        #expect(retracted.child("reason", Namespace.retraction)?.text == "manners")
    }

    @Test func whoeverKeepsMessagesIsTold() throws {
        let id = try id(of: "fie", by: juliet)
        romeo.asks(request(id), type: "set")
        guard case .retraction(let stanzaID, let author, let tombstone) = stage.changes["balcony"]?.last else {
            Issue.record("nothing was said")
            return
        }
        #expect(stanzaID == id && author == nil)
        let message = Stanza(.message, type: "groupchat", id: "m1", [.body("fie"), Element("secret", "urn:x")])
        #expect(tombstone.replacing(message).payload.map(\.name) == ["retracted"])
    }

    @Test func onlyModeratorsDo() throws {
        let id = try id(of: "love", by: romeo)
        juliet.asks(request(id), type: "set")
        stage.actor("paris@verona.example/church").asks(request(id), type: "set")
        #expect(juliet.hears() == ["iq error forbidden/auth"])
        #expect(stage.actor("paris@verona.example/church").hears() == ["iq error forbidden/auth"])
        #expect(history().first?.hasChild("body") == true)
    }

    @Test func anAdminOfTheServiceDoesFromOutside() throws {
        let id = try id(of: "love", by: romeo)
        prince.asks(request(id), type: "set")
        #expect(prince.hears() == ["iq result"])
        let moderated = nurse.gets().last?.child("retract", Namespace.retraction)?
            .child("moderated", Namespace.moderation)
        #expect(moderated != nil && moderated?["by"] == nil)
    }

    @Test func whatHasLeftTheHistoryIsTakenOffScreensStill() throws {
        let stage = Stage { $0.history = 1 }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        romeo.says("one")
        let id = try #require(romeo.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
        romeo.says("two")
        _ = romeo.gets()
        romeo.asks(request(id), type: "set")
        #expect(romeo.hears() == ["nobody sends retract", "iq result"])
    }

    @Test func idsThatNoRoomGaveAreNotFound() {
        let future = "fzzzzzzzzzzzz"
        for id in ["", "m1", "UUUUUUUUUUUUU", "zzzzzzzzzzzzz", future, String(repeating: "0", count: 12)] {
            romeo.asks(request(id), type: "set")
            #expect(romeo.hears() == ["iq error item-not-found/cancel"], "\(id)")
        }
    }

    @Test func requestsThatMakeNoSenseAreBadRequests() throws {
        let id = try id(of: "love", by: romeo)
        let empty = Element("moderate", Namespace.moderation, ["id": id])
        for request in [request(nil), empty, Element("apply-to", Namespace.fastening, ["id": id])] {
            romeo.asks(request, type: "set")
        }
        #expect(romeo.hears() == Array(repeating: "iq error bad-request/modify", count: 3))
    }

    @Test func nobodySaysThatAModeratorDidIt() throws {
        let moderated = Element("moderated", Namespace.moderation, ["by": "balcony@\(Stage.service)/Romeo"])
        let legacy = Element("moderated", Namespace.legacyModeration)
        juliet.says(
            "x",
            [
                moderated, legacy, Element("retract", Namespace.retraction, ["id": "1"], [moderated]),
                Element("apply-to", Namespace.fastening, ["id": "1"], [legacy]),
                Element("retracted", Namespace.retraction, ["id": "1"]),
            ])
        let message = try #require(nurse.gets().last)
        #expect(message.payload.map(\.name) == ["body", "occupant-id", "stanza-id"])
    }

    // MARK: By oneself

    @Test(arguments: [false, true])
    func whatOneSaidOneTakesBack(isLegacy: Bool) throws {
        let id = try id(of: "love", by: juliet)
        juliet.does(.message, "groupchat", id: "r1", [retract(id, isLegacy: isLegacy), .body("/me retracts")])
        let message = try #require(nurse.gets().last)
        #expect(message.payload.first == retract(id, isLegacy: isLegacy) && message.id == "r1")
        let history = history()
        #expect(history.count == 2 && history.first?.child("retracted", Namespace.retraction)?["id"] == "r1")
        #expect(history.first?.hasChild("body") == false)
        guard case .retraction(id, "id-of-juliet-in-balcony", _) = stage.changes["balcony"]?.last else {
            Issue.record("\(String(describing: stage.changes["balcony"]?.last))")
            return
        }
    }

    @Test func theAuthorIsKnownByOccupantIDAndNotByNick() throws {
        let id = try id(of: "love", by: juliet)
        juliet.renames(to: "Giulietta")
        juliet.does(.message, "groupchat", [retract(id)])
        #expect(history().first?.hasChild("body") == false)
    }

    @Test func whatOthersSaidNobodyTakesBack() throws {
        let id = try id(of: "love", by: juliet)
        juliet.leaves("Juliet")
        nurse.isIn(as: "Juliet")
        hush()
        nurse.does(.message, "groupchat", [retract(id)])
        romeo.does(.message, "groupchat", [retract(id, isLegacy: true)])
        #expect(nurse.hears() == ["message error forbidden/auth"])
        #expect(romeo.hears() == ["message error forbidden/auth"])
        #expect(history().first?.hasChild("body") == true)
    }

    @Test func whoHasNoVoiceTakesNothingBack() throws {
        let id = try id(of: "love", by: juliet)
        romeo.moderates(["nick": "Juliet", "role": "visitor"])
        hush()
        juliet.does(.message, "groupchat", [retract(id)])
        #expect(juliet.hears() == ["message error forbidden/auth"])
        #expect(history().first?.hasChild("body") == true)
    }

    @Test func aRoomSaysThatItDoesAllThis() throws {
        let query = try #require(juliet.asked(Element("query", Namespace.discoInfo)))
        let features = query.children.compactMap { $0["var"] }
        for feature in [
            Namespace.moderation, Namespace.legacyModeration, Namespace.retraction,
            "urn:xmpp:message-retract:1#tombstone",
        ] {
            #expect(features.contains(feature))
        }
    }
}
