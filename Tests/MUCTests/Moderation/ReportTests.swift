import Testing
import XMPP

@testable import MUC

@Suite struct ReportTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    init() {
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet"), (tybalt, "Tybalt")] { actor.isIn(as: nick) }
        for actor in [romeo, juliet] { _ = actor.gets() }
    }

    private func said(_ body: String) throws -> String {
        tybalt.says(body)
        _ = (romeo.gets(), juliet.gets())
        return try #require(tybalt.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
    }

    private func report(
        _ ids: [String], reason: String? = "urn:xmpp:reporting:abuse", text: String? = nil,
        by: String = "balcony@\(Stage.service)"
    ) -> Element {
        var report = Element("report", "urn:xmpp:reporting:1", ["reason": reason])
        for id in ids { report.append(Element("stanza-id", Namespace.stanzaIDs, ["by": by, "id": id])) }
        if let text { report.append(Element("text", "urn:xmpp:reporting:1", text: text)) }
        return report
    }

    @Test func aReportReachesTheModeratorsAndNobodyElse() throws {
        let id = try said("draw, villain")
        juliet.asks(report([id], text: "he  threatens\nus"), type: "set")
        #expect(juliet.hears() == ["iq result"])
        #expect(tybalt.hears() == [])
        let notice = try #require(romeo.gets().first)
        #expect(notice.from == stage.room()?.jid && notice.type == nil)
        #expect(
            notice.child("body", Namespace.client)?.text
                == "Juliet reports abuse by Tybalt (he threatens us): draw, villain")
        #expect(notice.child("report", "urn:xmpp:reporting:1")?["reason"] == "urn:xmpp:reporting:abuse")
        #expect(notice.child("forwarded", "urn:xmpp:forward:0")?.child("message", Namespace.client) != nil)
    }

    @Test func aMessageIsAReportToo() throws {
        let id = try said("buy")
        juliet.does(.message, nil, [report([id], reason: "urn:xmpp:reporting:spam")])
        #expect(juliet.hears() == [])
        #expect(romeo.hears() == ["nobody whispers: Juliet reports spam by Tybalt: buy"])
    }

    @Test func aReportIsInTheLog() throws {
        let id = try said("buy")
        juliet.asks(report([id], text: "again"), type: "set")
        #expect(
            romeo.commands("log").rows("kind", "actor-nick", "target", "target-nick", "after", "reason")
                == ["report Juliet \(id) Tybalt abuse again"])
    }

    @Test func theRoomOfTheStaffIsToldAndRemembersIt() throws {
        var settings = MUCSettings(service: Stage.jid(Stage.service))
        settings.staffRoom = Stage.jid("office@\(Stage.service)")
        let stage = Stage(settings)
        let prince = stage.actor("prince@verona.example/palace")
        let (romeo, juliet) = (stage.actor(self.romeo.jid.description), stage.actor(self.juliet.jid.description))
        prince.isIn(as: "Prince", room: "office")
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        romeo.says("buy")
        let id = try #require(juliet.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
        juliet.asks(report([id]), type: "set")
        #expect(prince.hears() == ["nobody: balcony: Juliet reports abuse by Romeo: buy"])
        let colleague = stage.actor("escalus@verona.example/palace")
        colleague.joins("Escalus", room: "office")
        #expect(colleague.hears().contains("nobody (earlier): balcony: Juliet reports abuse by Romeo: buy"))
    }

    @Test func reportsAreBoundedByReporter() throws {
        let id = try said("buy")
        for _ in 0..<6 { juliet.asks(report([id]), type: "set") }
        #expect(juliet.hears() == Array(repeating: "iq result", count: 5) + ["iq error policy-violation/wait"])
        #expect(romeo.gets().count == 5)
        stage.now += 3_600_000
        juliet.asks(report([id]), type: "set")
        #expect(juliet.hears() == ["iq result"])
    }

    @Test func aReportThatMakesNoSenseIsRefused() throws {
        let id = try said("buy")
        let bad: [(String, Element)] = [
            ("no reason", report([id], reason: nil)), ("another reason", report([id], reason: "boring")),
            ("no message", report([])), ("twice the same", report([id, id])),
            ("of another room", report([id], by: "crypt@\(Stage.service)")),
            ("too many", report((0..<11).map { "\(id)\($0)" })),
        ]
        for (name, element) in bad {
            juliet.asks(element, type: "set")
            #expect(juliet.hears() == ["iq error bad-request/modify"], "\(name)")
        }
        juliet.asks(report(["nonsense"]), type: "set")
        #expect(juliet.hears() == ["iq error item-not-found/cancel"])
        let stranger = stage.actor("paris@verona.example/church")
        stranger.asks(report([id]), type: "set")
        #expect(stranger.hears() == ["iq error not-acceptable/modify"])
        #expect(romeo.hears() == [])
    }
}
