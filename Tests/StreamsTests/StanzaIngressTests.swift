import Streams
import Testing
import XMPP

/// RFC 6120 §8.1.2.1: nobody speaks in another's name.
struct StanzaIngressTests {
    private func boundTranscript() -> Transcript {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        return transcript
    }

    @Test(arguments: ["", " from='visitor@localhost'", " from='visitor@localhost/tab'"])
    func aStanzaLeavesWithTheSendersFullAddress(_ from: String) {
        var transcript = boundTranscript()
        transcript.play("C: <message xmlns='jabber:client' to='room@rooms.localhost'\(from)><body>hi</body></message>")
        #expect(transcript.routed.map(\.from) == [JID("visitor@localhost/tab")])
        #expect(transcript.routed.map(\.to) == [JID("room@rooms.localhost")])
    }

    @Test(arguments: ["other@localhost", "visitor@localhost/other", "example.org", "rooms.localhost"])
    func aForgedSenderEndsTheStream(_ from: String) {
        var transcript = boundTranscript()
        transcript.play(
            """
            C: <message xmlns='jabber:client' to='room@rooms.localhost' from='\(from)'><body>hi</body></message>
            S: <error xmlns='http://etherx.jabber.org/streams'><invalid-from *
            S: <close *
            """)
        #expect(transcript.routed.isEmpty)
    }

    @Test(arguments: [
        ("a malformed recipient", "<message xmlns='jabber:client' to='@'/>", "jid-malformed"),
        ("an IQ without id", "<iq xmlns='jabber:client' type='get'><ping xmlns='urn:xmpp:ping'/></iq>", "bad-request"),
        ("an IQ without a child", "<iq xmlns='jabber:client' type='get' id='1'/>", "bad-request"),
        ("an IQ with two children", "<iq xmlns='jabber:client' type='set' id='1'><a/><b/></iq>", "bad-request"),
        ("an IQ of unknown type", "<iq xmlns='jabber:client' type='foo' id='1'><a/></iq>", "bad-request"),
    ])
    func anInvalidStanzaIsAnErrorAndTheStreamGoesOn(_ name: String, _ input: String, _ condition: String) {
        var transcript = boundTranscript()
        transcript.play(
            """
            C: \(input)
            S: <* type='error'*><error type='modify'><\(condition) *
            C: <presence xmlns='jabber:client'/>
            """)
        #expect(transcript.routed.map(\.kind) == [.presence], "\(name)")
    }

    @Test func anInvalidErrorIsNotAnswered() {
        var transcript = boundTranscript()
        transcript.play("C: <message xmlns='jabber:client' type='error' to='@'/>")
        #expect(!transcript.hasEnded)
    }

    @Test func extensionPayloadsAndUnknownAttributesPassUnchanged() {
        var transcript = boundTranscript()
        transcript.play(
            """
            C: <message xmlns='jabber:client' to='a@b' xmlns:x='urn:x' x:y='1' z='2'><p xmlns='urn:p'><q/>t</p></message>
            """)
        #expect(transcript.routed.first?.otherAttributes.count == 2)
        #expect(transcript.routed.first?.payload.map(\.description) == ["<p xmlns='urn:p'><q/>t</p>"])
    }
}
