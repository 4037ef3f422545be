import Testing
import XMPP

@testable import MUC

/// XEP-0313 on a room, as it is asked and answered.
@Suite struct ArchiveQueryTests: Verona {
    let stage = Stage(archive: true)
    let archive: StageArchive
    let id = StanzaID(earliestAt: 1_795_363_200_000)

    init() {
        archive = StageArchive(stage)
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet")] {
            actor.joins(nick)
            archive.work()
        }
        _ = (romeo.gets(), juliet.gets())
    }

    private func query(
        _ fields: [(String, [String])] = [], formType: String = Namespace.mam, set: [Element] = [],
        queryID: String? = nil, _ more: [Element] = []
    ) -> Element {
        var form = Element("x", Namespace.dataForms, ["type": "submit"])
        for (name, values) in [("FORM_TYPE", [formType])] + fields {
            let values = values.map { Element("value", Namespace.dataForms, text: $0) }
            form.append(Element("field", Namespace.dataForms, ["var": name], values))
        }
        let set = Element("set", Namespace.resultSets, set)
        return Element("query", Namespace.mam, ["queryid": queryID], [form, set] + more)
    }

    private func rsm(_ name: String, _ text: String = "") -> Element { Element(name, Namespace.resultSets, text: text) }

    private func asked(_ query: Element) throws -> ArchiveQuery {
        romeo.asks(query, type: "set")
        archive.work()
        return try #require(archive.queries.last)
    }

    @Test func aQueryWithoutAnythingAsksForTheFirstPage() throws {
        romeo.asks(Element("query", Namespace.mam), type: "set")
        archive.work()
        #expect(archive.queries == [ArchiveQuery(room: "balcony", max: 100, maxSize: 256 * 1_024)])
        #expect(romeo.hears() == ["iq result fin"])
    }

    @Test func fieldsAndPagesAreUnderstood() throws {
        let text = id.description
        let asked = try asked(
            query(
                [
                    ("start", ["2026-11-22T16:00:00Z"]), ("end", ["2026-11-22T16:00:01Z"]), ("after-id", [text]),
                    ("before-id", [text]), ("ids", [text, text]), ("with", ["balcony@\(Stage.service)/Juliet"]),
                ], set: [rsm("max", "7"), rsm("before", text)]))
        #expect(asked.start == 1_795_363_200_000 && asked.end == 1_795_363_201_000)
        #expect(asked.afterID == id && asked.beforeID == id && asked.ids == [id, id])
        #expect(asked.nick == "Juliet" && asked.occupantID == nil)
        #expect(asked.max == 7 && asked.page == .before(id))
        #expect(asked.mentionedIDs.count == 5)
    }

    @Test func anEmptyBeforeIsTheLastPageAndNoPageIsLargerThanAllowed() throws {
        let asked = try asked(query(set: [rsm("max", "1000000"), rsm("before")]))
        #expect(asked.page == .before(nil) && asked.max == 100)
    }

    @Test(
        arguments: [
            ("an unknown field", [("colour", ["red"])], "feature-not-implemented/cancel"),
            ("a time that is none", [("start", ["yesterday"])], "bad-request/modify"),
            (
                "a field twice", [("start", ["2026-11-22T16:00:00Z"]), ("start", ["2026-11-22T16:00:00Z"])],
                "bad-request/modify"
            ),
            ("a field without a value", [("end", [])], "bad-request/modify"),
            ("an id that was never given", [("after-id", ["28482-98726-73623"])], "item-not-found/cancel"),
            ("no ids", [("ids", [])], "bad-request/modify"),
            ("too many ids", [("ids", Array(repeating: "1asn00000000g", count: 101))], "bad-request/modify"),
            ("a JID that is none", [("with", ["@"])], "jid-malformed/modify"),
            ("a real address, from somebody who sees none", [("with", ["juliet@verona.example"])], "forbidden/auth"),
        ] as [(String, [(String, [String])], String)])
    func badFieldsAreRefused(name: String, fields: [(String, [String])], condition: String) {
        juliet.asks(query(fields), type: "set")
        #expect(juliet.hears() == ["iq error \(condition)"], "\(name)")
        #expect(archive.waiting == 0)
    }

    @Test func badPagesAndFormsAreRefused() {
        let cases: [(Element, String)] = [
            (query(set: [rsm("max", "-1")]), "bad-request/modify"),
            (query(set: [rsm("max", "many")]), "bad-request/modify"),
            (query(set: [rsm("index", "3")]), "feature-not-implemented/cancel"),
            (query(set: [rsm("before"), rsm("after")]), "bad-request/modify"),
            (query(set: [rsm("after", "nonsense")]), "item-not-found/cancel"),
            (query(formType: "jabber:iq:search"), "bad-request/modify"),
            (query(queryID: String(repeating: "q", count: 300)), "bad-request/modify"),
            (Element("query", Namespace.mam, ["node": "x"]), "item-not-found/cancel"),
        ]
        for (query, condition) in cases {
            romeo.asks(query, type: "set")
            #expect(romeo.hears() == ["iq error \(condition)"])
        }
        #expect(archive.waiting == 0)
    }

    private func message(_ number: UInt64, _ body: String) -> ArchivedMessage {
        ArchivedMessage(
            id: StanzaID(id.value + number), room: "balcony", time: stage.now, kind: .spoken, nick: "Juliet",
            occupantID: "id", person: Stage.jid("juliet@verona.example"),
            stanza: Stanza(
                .message, type: "groupchat", id: "m\(number)", from: Stage.jid("balcony@\(Stage.service)/Juliet"),
                [.body(body)]))
    }

    @Test func messagesComeInOrderAndThenTheEnd() throws {
        archive.answer = .page([message(1, "one"), message(2, "two")], isComplete: true)
        juliet.asks(query(queryID: "q27"), type: "set")
        archive.work()
        let heard = juliet.gets()
        #expect(heard.count == 3)
        let result = try #require(heard.first?.child("result", Namespace.mam))
        #expect(heard.first?.from == Stage.jid("balcony@\(Stage.service)"))
        #expect(result["queryid"] == "q27" && result["id"] == StanzaID(id.value + 1).description)
        let forwarded = try #require(result.child("forwarded", Namespace.forward))
        #expect(forwarded.child("delay", Namespace.delay)?["stamp"] == "2026-11-22T16:00:00.000Z")
        let stanza = try Stanza(try #require(forwarded.child("message", Namespace.client)))
        #expect(stanza == message(1, "one").stanza)
        let fin = try #require(heard.last?.child("fin", Namespace.mam))
        #expect(fin["complete"] == "true")
        let set = try #require(fin.child("set", Namespace.resultSets))
        #expect(set.child("first", Namespace.resultSets)?.text == StanzaID(id.value + 1).description)
        #expect(set.child("last", Namespace.resultSets)?.text == StanzaID(id.value + 2).description)
    }

    @Test func aFlippedPageBeginsWithTheNewest() throws {
        archive.answer = .page([message(1, "one"), message(2, "two")], isComplete: false)
        juliet.asks(query([], set: [], queryID: nil, [Element("flip-page", Namespace.mam)]), type: "set")
        archive.work()
        let heard = juliet.gets()
        #expect(heard.first?.child("result", Namespace.mam)?["id"] == StanzaID(id.value + 2).description)
        let fin = try #require(heard.last?.child("fin", Namespace.mam))
        #expect(fin["complete"] == nil)
        #expect(
            fin.child("set", Namespace.resultSets)?.child("first", Namespace.resultSets)?.text
                == StanzaID(id.value + 1).description)
    }

    @Test func onlyModeratorsSeeTheAddressOfTheSender() throws {
        archive.answer = .page([message(1, "one")], isComplete: true)
        for (actor, sees) in [(romeo, true), (juliet, false)] {
            actor.asks(query(), type: "set")
            archive.work()
            let forwarded = actor.gets().first?.child("result", Namespace.mam)?.child("forwarded", Namespace.forward)
            let user = forwarded?.child("message", Namespace.client)?.child("x", Namespace.mucUser)
            #expect((user?.child("item", Namespace.mucUser)?["jid"] == "juliet@verona.example") == sees)
        }
    }

    @Test func moderatorsAskByAddress() throws {
        let asked = try asked(query([("with", ["juliet@verona.example/chamber"])]))
        #expect(asked.occupantID == "id-of-juliet-in-balcony" && asked.nick == nil)
    }

    @Test func anUnknownIDAndABrokenArchiveAreTold() {
        archive.answer = .itemNotFound
        romeo.asks(query(), type: "set")
        archive.work()
        archive.isBroken = true
        romeo.asks(query(), type: "set")
        archive.work()
        #expect(romeo.hears() == ["iq error item-not-found/cancel", "iq error resource-constraint/wait"])
    }

    @Test func whoIsOutsideReadsNothingUnlessTheOperatorSaysSo() throws {
        let paris = stage.actor("paris@verona.example/church")
        paris.asks(query(), type: "set")
        #expect(paris.hears() == ["iq error forbidden/auth"])
        stage.room()?.setEntry(AffiliationEntry(.member), of: paris.jid.bare)
        paris.asks(query(), type: "set")
        archive.work()
        #expect(paris.hears() == ["iq result fin"])
    }

    @Test func anOpenArchiveIsReadByAllWhoMayEnter() throws {
        let stage = Stage(archive: true, isArchiveOpen: true)
        let archive = StageArchive(stage)
        stage.actor("romeo@verona.example/orchard").joins("Romeo")
        archive.work()
        let room = try #require(stage.room())
        let paris = stage.actor("paris@verona.example/church")
        paris.asks(query(), type: "set")
        archive.work()
        #expect(paris.hears() == ["iq result fin"])
        room.configuration.password = "open sesame"
        paris.asks(query(), type: "set")
        room.configuration.password = ""
        room.configuration.isMembersOnly = true
        paris.asks(query(), type: "set")
        room.configuration.isMembersOnly = false
        room.setEntry(AffiliationEntry(.outcast), of: paris.jid.bare)
        paris.asks(query(), type: "set")
        #expect(paris.hears() == Array(repeating: "iq error forbidden/auth", count: 3))
    }

    @Test func aSessionAsksOnlySoMuchAtOnce() {
        for _ in 0..<12 { romeo.asks(query(), type: "set") }
        #expect(romeo.hears() == Array(repeating: "iq error resource-constraint/wait", count: 2))
        archive.work()
        #expect(romeo.hears() == Array(repeating: "iq result fin", count: 10))
        romeo.asks(query(), type: "set")
        archive.work()
        #expect(romeo.hears() == ["iq result fin"])
    }

    @Test func theFormAndTheMetadataAreTold() throws {
        romeo.asks(Element("query", Namespace.mam))
        let form = try #require(romeo.gets().first?.payload.first?.child("x", Namespace.dataForms))
        #expect(
            form.children.compactMap { $0["var"] } == [
                "FORM_TYPE", "with", "start", "end", "before-id", "after-id", "ids",
            ])
        archive.answer = .span(ArchiveSpan(first: id, firstTime: 0, last: id, lastTime: 1))
        romeo.asks(Element("metadata", Namespace.mam))
        archive.work()
        let metadata = try #require(romeo.gets().first?.child("metadata", Namespace.mam))
        #expect(metadata.children.map(\.name) == ["start", "end"])
        #expect(metadata.children.first?["timestamp"] == "1970-01-01T00:00:00.000Z")
        archive.answer = .span(nil)
        romeo.asks(Element("metadata", Namespace.mam))
        archive.work()
        #expect(romeo.gets().first?.payload.first?.children.isEmpty == true)
    }

    @Test func theFeatureIsThereOnlyWithAnArchive() {
        func features(_ stage: Stage) -> [String] {
            let actor = stage.actor("juliet@verona.example/chamber")
            actor.asks(Element("query", Namespace.discoInfo))
            return actor.gets().first?.payload.first?.children.compactMap { $0["var"] } ?? []
        }
        #expect(features(stage).contains("urn:xmpp:mam:2") && features(stage).contains("urn:xmpp:mam:2#extended"))
        let memory = Stage()
        let actor = memory.actor("romeo@verona.example/orchard")
        actor.isIn(as: "Romeo")
        #expect(!features(memory).contains("urn:xmpp:mam:2"))
        actor.asks(query(), type: "set")
        #expect(actor.hears() == ["iq error service-unavailable/cancel"])
    }
}
