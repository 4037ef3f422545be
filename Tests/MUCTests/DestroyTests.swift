import Testing
import XMPP

@testable import MUC

@Suite struct DestroyTests: Verona {
    let stage = Stage()

    init() {
        romeo.isIn(as: "Romeo")
        romeo.configures(["muc#roomconfig_persistentroom": "1"])
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    private func request(_ attributes: KeyValuePairs<String, String?> = [:], _ texts: [String: String] = [:]) -> Element
    {
        let children = texts.sorted { $0.key < $1.key }.map { Element($0.key, Namespace.mucOwner, text: $0.value) }
        return Element(
            "query", Namespace.mucOwner, [Element("destroy", Namespace.mucOwner, attributes, children)])
    }

    @Test func everybodyIsToldOnceWhyAndWhereToGo() {
        romeo.asks(
            request(["jid": "crypt@rooms.verona.example"], ["reason": "Macbeth doth come", "password": "rose"]),
            type: "set")
        let end = "destroyed for crypt@rooms.verona.example with rose because Macbeth doth come"
        #expect(juliet.hears() == ["Juliet is gone: none/none 110 \(end)"])
        #expect(romeo.hears() == ["Romeo is gone: none/none 110 \(end)", "iq result"])
        #expect(stage.service.roomCount == 0 && stage.service.sessionCount == 0)
        #expect(stage.changes["balcony"]?.last == .destroyed)
    }

    @Test func aDestroyedRoomIsForgotten() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"])
        romeo.says("long ago")
        romeo.asks(request(), type: "set")
        _ = juliet.gets()
        juliet.joins("Juliet")
        #expect(
            juliet.hears() == [
                "Juliet is here: owner/moderator 110 201 <juliet@verona.example/chamber>",
                "nobody sets the subject: ",
            ])
    }

    @Test func onlyOwnersDestroy() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "admin"])
        _ = juliet.gets()
        juliet.asks(request(), type: "set")
        stage.actor("paris@verona.example/church").asks(request(), type: "set")
        #expect(juliet.hears() == ["iq error forbidden/auth"])
        #expect(stage.actor("paris@verona.example/church").hears() == ["iq error forbidden/auth"])
        #expect(stage.room()?.occupants.count == 2)
    }

    @Test func anOwnerDestroysFromOutsideToo() {
        romeo.leaves("Romeo")
        _ = romeo.gets()
        romeo.asks(request(), type: "set")
        #expect(romeo.hears() == ["iq result"])
        #expect(juliet.hears().last == "Juliet is gone: none/none 110 destroyed")
    }

    @Test func nonsenseDestroysNothing() {
        romeo.asks(request(["jid": "@"]), type: "set")
        romeo.asks(request([:], ["password": String(repeating: "x", count: 257)]), type: "set")
        #expect(romeo.hears() == ["iq error jid-malformed/modify", "iq error not-acceptable/modify"])
        #expect(stage.service.roomCount == 1 && juliet.hears() == [])
    }

    @Test func aLongReasonIsCut() throws {
        romeo.asks(request([:], ["reason": String(repeating: "é", count: 1_000)]), type: "set")
        let user = try #require(juliet.gets().last?.child("x", Namespace.mucUser))
        let reason = user.child("destroy", Namespace.mucUser)?.child("reason", Namespace.mucUser)?.text
        #expect(reason?.utf8.count == 512)
    }
}
