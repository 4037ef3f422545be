import Testing
import XMPP

@testable import MUC

@Suite struct CommandTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    private func answer(_ actor: Actor, _ query: Element, of to: String = "balcony") -> Element? {
        actor.asks(query, of: to)
        return actor.gets().first?.payload.first
    }

    @Test func commandsAreListedForThoseWhoMayGiveThem() throws {
        let list = Element("query", Namespace.discoItems, ["node": Namespace.commands])
        let items = try #require(answer(romeo, list)).children
        #expect(items.map { $0["node"] }.contains("urn:samepage:moderation:0#ban"))
        #expect(items.allSatisfy { $0["jid"] == "balcony@\(Stage.service)" })
        #expect(try #require(answer(juliet, list)).children.isEmpty)
        #expect(try !#require(answer(prince, list, of: "")).children.isEmpty)
        #expect(try #require(answer(romeo, list, of: "")).children.isEmpty)
    }

    @Test func aCommandSaysWhatItIs() throws {
        let node = "urn:samepage:moderation:0#ban"
        let info = try #require(answer(juliet, Element("query", Namespace.discoInfo, ["node": node])))
        #expect(info["node"] == node && info.children.first?["type"] == "command-node")
        let plain = try #require(answer(juliet, Element("query", Namespace.discoInfo)))
        #expect(plain.children.contains { $0["var"] == Namespace.commands })
        let nothing = answer(juliet, Element("query", Namespace.discoInfo, ["node": "urn:samepage:moderation:0#dance"]))
        #expect(nothing?.name == "error")
    }

    @Test func anUnknownCommandActionOrSessionIsRefused() {
        #expect(romeo.commands("dance").error == "item-not-found")
        #expect(romeo.commands("ban", action: "jump").error == "bad-request")
        #expect(romeo.commands("ban", action: "next", session: "none", ["who": ["Juliet"]]).error == "bad-request")
    }

    @Test func nobodyElseGoesOnWithACommand() {
        let phone = stage.actor("romeo@verona.example/phone")
        phone.isIn(as: "Romeo")
        let begun = romeo.commands("ban")
        #expect(phone.commands("ban", session: begun.sessionID, ["who": ["Juliet"]]).error == "bad-request")
        #expect(romeo.commands("lift", session: begun.sessionID).error == "bad-request")
    }

    @Test func aCommandIsCancelledAndStepsBack() {
        let begun = romeo.commands("ban")
        let fields = ["who": ["Juliet"], "duration": ["60"]]
        let asked = romeo.commands("ban", action: "next", session: begun.sessionID, fields)
        #expect(asked.field("who") == ["juliet@verona.example"])
        let back = romeo.commands("ban", action: "prev", session: begun.sessionID)
        #expect(!back.options("duration").isEmpty)
        // What was asked before going back is not done by going on.
        #expect(romeo.commands("ban", action: "complete", session: begun.sessionID).status == "executing")
        #expect(romeo.commands("ban", action: "cancel", session: begun.sessionID).status == "canceled")
        #expect(romeo.commands("ban", action: "complete", session: begun.sessionID).error == "bad-request")
        #expect(stage.service.bans.isEmpty)
    }

    @Test func commandsAreForgottenInTimeAndBounded() {
        let begun = romeo.commands("ban")
        for _ in 0..<20 { _ = romeo.commands("ban") }
        #expect(stage.service.context.moderation.commands.count == 5)
        #expect(romeo.commands("ban", action: "cancel", session: begun.sessionID).error == "bad-request")
        let last = romeo.commands("ban")
        stage.now += 600_000
        #expect(romeo.commands("ban", action: "cancel", session: last.sessionID).error == "bad-request")
    }

    @Test func aHostileFormIsRefused() {
        let begun = romeo.commands("ban")
        var many: [String: [String]] = [:]
        for index in 0..<100 { many["f\(index)"] = ["x"] }
        #expect(romeo.commands("ban", action: "next", session: begun.sessionID, many).error == "bad-request")
        let twice = ["who": ["Juliet", "Romeo"], "duration": ["60"]]
        #expect(romeo.commands("ban", action: "next", session: begun.sessionID, twice).error == "bad-request")
        let long = ["who": ["Juliet"], "duration": ["60"], "reason": [String(repeating: "x", count: 10_000)]]
        _ = romeo.commands("ban", action: "next", session: begun.sessionID, long)
        _ = romeo.commands("ban", action: "complete", session: begun.sessionID)
        #expect(stage.service.bans.first?.reason?.utf8.count == stage.service.settings.limits.reasonLength)
    }
}
