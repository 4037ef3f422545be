import Streams
import Testing
import XMPP

/// RFC 7395 and RFC 6120 as conversations.
struct WebSocketStreamTests {
    @Test func aVisitorLogsInAndBindsTheResourceItAskedFor() {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        #expect(!transcript.hasEnded)
    }

    @Test func bindingWithoutAResourceGetsAGeneratedOne() {
        var transcript = Transcript()
        transcript.play(Fixture.login)
        transcript.play(
            """
            C: <iq xmlns='jabber:client' type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            S: <iq xmlns='jabber:client' type='result' id='1'><bind *><jid>visitor@localhost/generated</jid></bind></iq>
            """)
    }

    @Test func aRefusedResourceIsAnErrorAndTheClientMayTryAgain() {
        var transcript = Transcript()
        transcript.play(Fixture.login)
        transcript.play(
            """
            C: <iq xmlns='jabber:client' type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>\u{200E}\u{7F}</resource></bind></iq>
            S: <iq xmlns='jabber:client' type='error' id='1'><error type='modify'><bad-request *
            C: <iq xmlns='jabber:client' type='set' id='2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            S: <iq xmlns='jabber:client' type='result' id='2'>*</iq>
            """)
    }

    @Test func startTLSIsNeverOffered() {
        var transcript = Transcript()
        transcript.say("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>")
        #expect(transcript.unread.allSatisfy { !$0.contains("starttls") })
    }

    /// What ends a stream that is not yet authenticated, and with which condition.
    @Test(arguments: [
        ("a stanza before authentication", "<message xmlns='jabber:client'/>", "not-authorized"),
        (
            "a bind before authentication",
            "<iq xmlns='jabber:client' type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
            "not-authorized"
        ),
        ("an element that is no stanza", "<foo xmlns='jabber:client'/>", "unsupported-stanza-type"),
        ("a message of another namespace", "<message xmlns='other'/>", "unsupported-stanza-type"),
        (
            "a second opening",
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>", "policy-violation"
        ),
        ("an unknown framing element", "<foo xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "unsupported-stanza-type"),
        ("broken XML", "<message xmlns='jabber:client'", "not-well-formed"),
        ("two roots", "<a xmlns='jabber:client'/><b xmlns='jabber:client'/>", "not-well-formed"),
        ("leading white space", " <message xmlns='jabber:client'/>", "not-well-formed"),
        ("an empty message", "", "not-well-formed"),
        ("a document type", "<!DOCTYPE a><a xmlns='jabber:client'/>", "restricted-xml"),
        ("another encoding", "<?xml version='1.0' encoding='latin-1'?><a/>", "unsupported-encoding"),
    ])
    func whatEndsAnUnauthenticatedStream(_ name: String, _ input: String, _ condition: String) {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        transcript.play(
            """
            C: \(input)
            S: <error xmlns='http://etherx.jabber.org/streams'><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>*
            S: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
            """)
        #expect(transcript.hasEnded, "\(name)")
        #expect(transcript.routed.isEmpty)
    }

    @Test func aFirstFrameThatIsNoOpeningIsAnsweredWithAnOpeningAndAnError() {
        var transcript = Transcript()
        transcript.play(
            """
            C: <message xmlns='jabber:client'/>
            S: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='localhost' id='*' version='1.0' xml:lang='en'/>
            S: <error xmlns='http://etherx.jabber.org/streams'><not-authorized *
            S: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
            """)
        #expect(transcript.hasEnded)
    }

    @Test(arguments: [
        ("another host", "to='example.org' version='1.0'", "host-unknown"),
        ("no host", "version='1.0'", "host-unknown"),
        ("no address at all", "to='@' version='1.0'", "host-unknown"),
        ("no version", "to='localhost'", "unsupported-version"),
        ("an old version", "to='localhost' version='0.9'", "unsupported-version"),
    ])
    func anOpeningThatCannotBeServedIsRefused(_ name: String, _ attributes: String, _ condition: String) {
        var transcript = Transcript()
        transcript.play(
            """
            C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' \(attributes)/>
            S: <open *
            S: <error xmlns='http://etherx.jabber.org/streams'><\(condition) *
            S: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
            """)
        #expect(transcript.hasEnded, "\(name)")
    }

    @Test func aRestartToAnotherHostIsRefused() {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        transcript.play(
            """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>
            S: <open *
            S: <error xmlns='http://etherx.jabber.org/streams'><host-unknown *
            S: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
            """)
    }

    @Test func aCloseIsAnsweredAndNothingIsReadAfterIt() {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        transcript.play(
            """
            C: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
            S: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
            C: <message xmlns='jabber:client' to='localhost'/>
            """)
        #expect(transcript.ending == .some(nil))
        #expect(transcript.routed.isEmpty)
    }

    @Test func theServersOwnEndSaysWhy() {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        transcript.end(with: StreamError(.systemShutdown))
        #expect(transcript.unread.first?.contains("<system-shutdown ") == true)
        #expect(transcript.unread.last == "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
        #expect(transcript.ending == .some(StreamError(.systemShutdown)))
    }
}
