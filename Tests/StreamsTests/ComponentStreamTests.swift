import Streams
import Testing
import XMPP

/// XEP-0114, played against a server that is a script.
struct ComponentStreamTests {
    private static let header =
        "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' id='3BF96D32'>"

    @Test func theHandshakeIsTheLowerCaseSHA1OfIdAndSecret() {
        var transcript = ComponentTranscript()
        transcript.play(ComponentTranscript.opening)
        #expect(!transcript.stream.isEstablished && transcript.established == 0)
        transcript.say("<handshake/>")
        #expect(transcript.stream.isEstablished && transcript.established == 1)
        #expect(transcript.ending == nil)
    }

    @Test func anIdWithReferencesIsHashedAsItsValue() {
        var plain = ComponentTranscript()
        plain.start()
        plain.say(Self.header.replacing("3BF96D32", with: "a&amp;&#98;"))
        // sha1("a&btest")
        #expect(plain.takeSent() == "<handshake>42aadcd1ad4664955ff23936ea95a10f9d9189d6</handshake>")
    }

    @Test func theNamespaceOfTheWireIsJabberClientInside() {
        var transcript = ComponentTranscript()
        transcript.play(
            ComponentTranscript.established + """

                S: <message from='a@b.example/c' to='r@rooms.example.org' type='groupchat'><body>hi</body><x xmlns='urn:x'/></message>
                """)
        #expect(
            transcript.routed == [
                Stanza(
                    .message, type: "groupchat", from: JID("a@b.example/c"), to: JID("r@rooms.example.org"),
                    [Element("body", Namespace.client, text: "hi"), Element("x", "urn:x", [])])
            ])
    }

    @Test func everyCutOfTheServersBytesGivesTheSame() {
        let text = Self.header + "<handshake/><presence from='a@b.example' to='rooms.example.org'/></stream:stream>"
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            let stream = ComponentTranscript().stream
            _ = stream.start()
            let actions = stream.received(Array(bytes[..<cut]).span) + stream.received(Array(bytes[cut...]).span)
            #expect(actions.count == 5, "\(cut): \(actions)")
            #expect(actions.last == .close(.closed))
        }
    }

    static let refusals: [(name: String, text: String, error: StreamError, isEstablished: Bool)] = [
        (
            "wrong secret, as Prosody says it",
            header
                + "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Given token does not match calculated token</text></stream:error></stream:stream>",
            StreamError(.notAuthorized, "Given token does not match calculated token"), false
        ),
        (
            "unknown host, as Prosody says it",
            header.replacing("3BF96D32", with: "")
                + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
            StreamError(.hostUnknown), false
        ),
        (
            "unknown host",
            header
                + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
            StreamError(.hostUnknown), false
        ),
        (
            "conflict", header + "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
            StreamError(.conflict), false
        ),
        (
            "shutdown",
            header
                + "<handshake/><stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
            StreamError(.systemShutdown), true
        ),
        (
            "a condition of its own", header + "<stream:error><oops xmlns='urn:oops'/></stream:error>",
            StreamError(.undefinedCondition), false
        ),
    ]

    @Test(arguments: refusals.map(\.name)) func aStreamErrorEndsTheStreamAndSaysWhy(_ name: String) throws {
        let (_, text, error, isEstablished) = try #require(Self.refusals.first { $0.name == name })
        var transcript = ComponentTranscript()
        transcript.start()
        transcript.say(text)
        #expect(transcript.ending == .refused(error, isEstablished: isEstablished))
        #expect(transcript.takeSent().hasSuffix("</stream:stream>"))
    }

    @Test func theServersEndIsAnswered() {
        var transcript = ComponentTranscript()
        transcript.play(ComponentTranscript.established + "\nS: </stream:stream>\nC: </stream:stream>")
        #expect(transcript.ending == .closed)
    }

    @Test func ourEndIsSaidOnce() {
        var transcript = ComponentTranscript()
        transcript.play(ComponentTranscript.established)
        transcript.end()
        transcript.end()
        #expect(transcript.takeSent() == "</stream:stream>" && transcript.ending == .ended)
        transcript.say("<message/></stream:stream>")
        #expect(transcript.routed.isEmpty && transcript.takeSent() == "")
    }

    static let violations: [(name: String, text: String, condition: StreamError.Condition)] = [
        ("not XML", "HTTP/1.1 400 Bad Request\r\n", .notWellFormed),
        ("another root", "<html>", .invalidNamespace),
        ("no id", "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><handshake/>", .undefinedCondition),
        ("a stanza before the handshake", header + "<message/>", .notAuthorized),
        (
            "a stanza that is too deep before the handshake",
            header + String(repeating: "<a>", count: 100)
                + String(repeating: "</a>", count: 100), .policyViolation
        ),
        ("crossed tags", header + "<a></b>", .notWellFormed),
        ("text between stanzas", header + "<handshake/>hello", .badFormat),
    ]

    @Test(arguments: violations.map(\.name)) func whatIsNoComponentStreamIsEnded(_ name: String) throws {
        let (_, text, condition) = try #require(Self.violations.first { $0.name == name })
        var transcript = ComponentTranscript()
        transcript.start()
        transcript.say(text)
        guard case .violation(let error) = transcript.ending else {
            Issue.record("\(String(describing: transcript.ending))")
            return
        }
        #expect(error.condition == condition)
        let sent = transcript.takeSent()
        #expect(sent.contains("<\(condition.rawValue) ") && sent.hasSuffix("</stream:stream>"))
    }

    @Test func aStanzaPastALimitBouncesAndTheStreamGoesOn() {
        var limits = XMLLimits(stanzaBytes: 300)
        limits.depth = 5
        var transcript = ComponentTranscript(limits: limits)
        transcript.play(ComponentTranscript.established)
        let head = "<message from='a@b.example/c' to='r@rooms.example.org' id='1'>"
        transcript.say(head + String(repeating: "x", count: 10_000) + "</message>")
        transcript.say(head + String(repeating: "<y>", count: 9) + String(repeating: "</y>", count: 9) + "</message>")
        transcript.say("<iq type='get' from='a@b.example/c' to='rooms.example.org' id='2'><x:y/></iq>")
        transcript.say("<message from='a@b.example/c' to='rooms.example.org'/>")
        #expect(transcript.ending == nil && transcript.routed.count == 1)
        #expect(transcript.refused.map { $0.head?.id } == ["1", "1", "2"])
        #expect(transcript.refused.allSatisfy { $0.head?.from == JID("a@b.example/c") })
        #expect(transcript.refused.allSatisfy { $0.error.condition == .policyViolation })
    }

    @Test func aStanzaWithABadAddressIsRefusedWithWhatIsKnownOfIt() {
        var transcript = ComponentTranscript()
        transcript.play(
            ComponentTranscript.established + "\nS: <message from='a@b.example' to='@@rooms.example.org' id='1'/>")
        #expect(transcript.routed.isEmpty)
        #expect(transcript.refused.first?.head?.from == JID("a@b.example"))
        #expect(transcript.refused.first?.error.condition == .jidMalformed)
    }

    @Test func whatIsNoStanzaIsIgnored() {
        var transcript = ComponentTranscript()
        transcript.play(
            ComponentTranscript.established + "\nS: <foo/><r xmlns='urn:xmpp:sm:3'/><presence from='a@b' to='c'/>")
        #expect(transcript.routed.count == 1 && transcript.ending == nil)
    }
}
