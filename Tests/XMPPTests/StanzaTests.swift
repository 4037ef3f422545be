import Testing
import XMPP

struct StanzaTests {
    enum Outcome: Equatable, Sendable {
        case stanza
        case notAStanza
        case refused(StanzaError.Condition)
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let outcome: Outcome
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ outcome: Outcome) {
            self.name = name
            self.text = text
            self.outcome = outcome
        }
    }

    static let samples: [Sample] = [
        Sample("message", "<message xmlns='jabber:client'/>", .stanza),
        Sample("presence", "<presence xmlns='jabber:client' type='unavailable'/>", .stanza),
        Sample("get", "<iq xmlns='jabber:client' type='get' id='1'><q/></iq>", .stanza),
        Sample("set with white space", "<iq xmlns='jabber:client' type='set' id='1'> <q/>\n</iq>", .stanza),
        Sample("result", "<iq xmlns='jabber:client' type='result' id='1'/>", .stanza),
        Sample(
            "error with the request in it", "<iq xmlns='jabber:client' type='error' id='1'><q/><error/></iq>", .stanza),
        Sample("another element", "<foo xmlns='jabber:client'/>", .notAStanza),
        Sample("another case", "<Message xmlns='jabber:client'/>", .notAStanza),
        Sample("another namespace", "<message xmlns='other'/>", .notAStanza),
        Sample("no namespace", "<message/>", .notAStanza),
        Sample("server namespace", "<message xmlns='jabber:server'/>", .notAStanza),
        Sample("to that is no address", "<message xmlns='jabber:client' to='@'/>", .refused(.jidMalformed)),
        Sample("empty to", "<message xmlns='jabber:client' to=''/>", .refused(.jidMalformed)),
        Sample("from that is no address", "<presence xmlns='jabber:client' from='a b@c'/>", .refused(.jidMalformed)),
        Sample("IQ without type", "<iq xmlns='jabber:client' id='1'><q/></iq>", .refused(.badRequest)),
        Sample("IQ of another type", "<iq xmlns='jabber:client' type='put' id='1'><q/></iq>", .refused(.badRequest)),
        Sample("IQ without id", "<iq xmlns='jabber:client' type='get'><q/></iq>", .refused(.badRequest)),
        Sample("get without a child", "<iq xmlns='jabber:client' type='get' id='1'/>", .refused(.badRequest)),
        Sample("set with two", "<iq xmlns='jabber:client' type='set' id='1'><q/><q/></iq>", .refused(.badRequest)),
        Sample(
            "result with two", "<iq xmlns='jabber:client' type='result' id='1'><q/><q/></iq>", .refused(.badRequest)),
        Sample("namespaced to is not to", "<message xmlns='jabber:client' xmlns:a='b' a:to='@'/>", .stanza),
    ]

    @Test(arguments: samples) func aStanzaKeepsTheRulesOfRFC6120(_ sample: Sample) throws {
        let element = try parse(sample.text)
        let outcome: Outcome
        do {
            _ = try Stanza(element)
            outcome = .stanza
        } catch {
            switch error {
            case .notAStanza: outcome = .notAStanza
            case .invalid(_, let error): outcome = .refused(error.condition)
            }
        }
        #expect(outcome == sample.outcome)
    }

    @Test func everythingOfAStanzaComesOutAgain() throws {
        let text =
            "<message xmlns='jabber:client' to='a@b' from='c@d/e' type='chat' id='1&amp;' xml:lang='en' x='y' "
            + "xmlns:n0='z' n0:to='w'><body>hi</body><p xmlns='q'>r</p></message>"
        let stanza = try Stanza(parse(text))
        #expect(stanza.to == JID("a@b") && stanza.from == JID("c@d/e") && stanza.type == "chat" && stanza.id == "1&")
        #expect(stanza.lang == "en" && stanza.payload.map(\.name) == ["body", "p"])
        #expect(stanza.element.description == text)
        #expect(try Stanza(stanza.element) == stanza)
    }

    @Test func aRefusedStanzaIsAnsweredWithoutTheBadAddress() throws {
        let element = try parse("<iq xmlns='jabber:client' type='get' id='1' to='@' from='a@b/c'><q/></iq>")
        do {
            _ = try Stanza(element)
            Issue.record("accepted")
        } catch {
            guard case .invalid(let stanza, let reason) = error else {
                Issue.record("not a stanza")
                return
            }
            let answer = try #require(stanza.error(reason))
            #expect(answer.to == JID("a@b/c") && answer.from == nil && answer.id == "1" && answer.isError)
            #expect(answer.child("error", Namespace.client)?["type"] == "modify")
        }
    }

    @Test(arguments: [
        ("message", "chat", true), ("message", "error", false), ("presence", "error", false), ("iq", "get", true),
        ("iq", "set", true), ("iq", "result", false), ("iq", "error", false),
    ]) func errorsAndResultsAreNeverAnswered(_ kind: String, _ type: String, _ isAnswered: Bool) throws {
        let stanza = try Stanza(.init(kind, Namespace.client, ["type": type, "id": "1"], [Element("q", "")]))
        #expect((stanza.error(.forbidden()) != nil) == isAnswered)
        #expect(stanza.isRequest == (kind == "iq" && isAnswered))
    }

    @Test func anAnswerGoesBack() throws {
        let request = Stanza(.iq, type: "get", id: "1", from: JID("a@b/c"), to: JID("d"), [Element("q", "r")])
        #expect(
            request.result().element.description
                == "<iq xmlns='jabber:client' to='a@b/c' from='d' type='result' id='1'/>")
        #expect(request.result(Element("q", "r")).child("q", "r") != nil)
        let error = try #require(request.error(.itemNotFound("Gone."), by: JID("d")))
        #expect(error.to == request.from && error.from == request.to && error.payload.first?["by"] == "d")
    }

    @Test func aStanzaOfAStreamErrorEndsUpNowhere() {
        #expect(throws: Stanza.Refusal.notAStanza) { try Stanza(StreamError(.conflict).element) }
    }

    static let stanzas: [(name: String, stanza: Stanza)] = {
        var decorated = Stanza(
            .message, type: "groupchat", id: "<'&\">", from: JID("room@rooms.localhost/Ann & Bob"),
            [Element("body", Namespace.client, text: "hi <b>"), Element("x", Namespace.mucUser, [])])
        decorated.lang = "en"
        decorated.otherAttributes = [.init(name: "y", value: "z"), .init(name: "v", namespace: "u", value: "t")]
        return [
            ("bare presence", Stanza(.presence)), ("message", decorated),
            ("iq", Stanza(.iq, type: "set", id: "1", from: JID("a"), [Element("q", "r", [Element("s", "r")])])),
        ]
    }()

    @Test(arguments: stanzas.map(\.name)) func bytesForARecipientAreTheWholeStanza(_ name: String) throws {
        var (_, stanza) = try #require(Self.stanzas.first { $0.name == name })
        let shared = StanzaBytes(stanza)
        for to in ["a@b/c", "d", "e@f/O'Hara <\"&\">", "é@ü/😀"].map({ JID($0) }) + [nil] {
            let recipient = StanzaBytes.Recipient(to)
            var bytes = Array("frame".utf8)
            shared.append(to: recipient, into: &bytes)
            stanza.to = to
            #expect(bytes == Array("frame".utf8) + stanza.element.serialized)
            #expect(shared.count(to: recipient) == stanza.element.serialized.count)
        }
    }
}
