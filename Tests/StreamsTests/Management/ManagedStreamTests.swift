import Streams
import Testing
import XMPP

/// XEP-0198 as conversations, after the classic authentication.
struct ManagedStreamTests {
    static let enabled =
        Fixture.bound + "\n" + """
            C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            S: <enabled xmlns='urn:xmpp:sm:3' id='former' resume='true' max='300'/>
            """
    private static let message = "<message xmlns='jabber:client' to='room@rooms.localhost'><body>hi</body></message>"

    private func managedTranscript() -> Transcript {
        var transcript = Transcript()
        transcript.play(Self.enabled)
        return transcript
    }

    // MARK: - Enabling

    @Test func itIsOfferedAfterAuthentication() {
        // The features in the script are compared to the letter.
        var transcript = Transcript()
        transcript.play(Fixture.login)
    }

    @Test func withoutResumptionNothingIsPromised() {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        transcript.play(
            """
            C: <enable xmlns='urn:xmpp:sm:3'/>
            S: <enabled xmlns='urn:xmpp:sm:3'/>
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='0'/>
            """)
        #expect(transcript.enabled.map(\.isResumable) == [false])
    }

    @Test(arguments: [
        ("resume='1'", true, nil), ("resume='true' max='60'", true, 60), ("resume='yes'", false, nil),
        ("resume='false' max='-1'", false, nil), ("resume='true' max='9999999999'", true, nil),
    ])
    func whatTheClientWantsIsRead(_ attributes: String, _ isResumable: Bool, _ maximum: Int?) {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        transcript.play("C: <enable xmlns='urn:xmpp:sm:3' \(attributes)/>\nS: <enabled *")
        #expect(transcript.enabled.map(\.isResumable) == [isResumable])
        #expect(transcript.enabled.map(\.maximum) == [maximum])
    }

    @Test(arguments: ["enable", "resume"])
    func beforeItsTimeItFailsAndTheStreamGoesOn(_ name: String) {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        let attempt = """
            C: <\(name) xmlns='urn:xmpp:sm:3' previd='former' h='0'/>
            S: <failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
            """
        transcript.play(attempt)
        transcript.play("C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>\nS: <success *")
        transcript.play(attempt)
        #expect(!transcript.hasEnded && transcript.enabled.isEmpty)
    }

    @Test func enablingBeforeBindingFailsAndBindingIsStillPossible() {
        var transcript = Transcript()
        transcript.play(Fixture.login)
        transcript.play(
            """
            C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            S: <failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
            C: <iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            S: <iq * type='result' id='b'>*
            C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            S: <enabled *
            """)
    }

    @Test func attemptsBeforeTheirTimeAreBounded() {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        for _ in 0..<4 {
            transcript.play("C: <enable xmlns='urn:xmpp:sm:3'/>\nS: <failed *")
        }
        transcript.play("C: <enable xmlns='urn:xmpp:sm:3'/>\nS: <failed *\nS: <error *<policy-violation *\nS: <close *")
        #expect(transcript.hasEnded)
    }

    @Test func enablingTwiceEndsTheStream() {
        var transcript = managedTranscript()
        transcript.play(
            """
            C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            S: <error xmlns='http://etherx.jabber.org/streams'><policy-violation *
            S: <close *
            """)
        #expect(transcript.hasEnded && transcript.enabled.count == 1)
    }

    @Test(arguments: [
        "<r xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='0'/>", "<what xmlns='urn:xmpp:sm:3'/>",
    ])
    func whatNobodyEnabledEndsTheStream(_ element: String) {
        var transcript = Transcript()
        transcript.play(Fixture.bound)
        transcript.play("C: \(element)\nS: <error *<unsupported-stanza-type *\nS: <close *")
    }

    // MARK: - Acknowledgement

    @Test func aRequestIsAnsweredWithWhatWasHandledAndOnlyStanzasCount() {
        var transcript = managedTranscript()
        transcript.play(
            """
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='0'/>
            C: \(Self.message)
            C: <presence xmlns='jabber:client'/>
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='2'/>
            C: <a xmlns='urn:xmpp:sm:3' h='0'/>
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='2'/>
            """)
        #expect(transcript.routed.count == 2)
    }

    @Test func aStanzaThatIsNoGoodIsHandledByItsErrorWhichCountsToo() {
        var transcript = managedTranscript()
        transcript.play(
            """
            C: <message xmlns='jabber:client' to='@'/>
            S: <message *type='error'*><jid-malformed *
            C: <message xmlns='jabber:client' to='@' type='error'/>
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='2'/>
            """)
        #expect(transcript.management?.sent == 1)
    }

    @Test func anAcknowledgementOfMoreThanWasSentEndsTheStream() {
        var transcript = managedTranscript()
        transcript.deliver(Stanza(.message, id: "1"))
        transcript.play("S: <message *")
        transcript.play(
            """
            C: <a xmlns='urn:xmpp:sm:3' h='2'/>
            S: <error xmlns='http://etherx.jabber.org/streams'><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>*<handled-count-too-high xmlns='urn:xmpp:sm:3' h='2' send-count='1'/></error>
            S: <close *
            """)
        #expect(transcript.hasEnded)
    }

    static let nonsense = [
        "", "h=''", "h='-1'", "h='+1'", "h='1.0'", "h='eins'", "h=' 1'", "h='٣'", "h='4294967296'",
        "h='99999999999999999999999999'",
    ]

    @Test(arguments: nonsense) func anAcknowledgementOfNoNumberEndsTheStream(_ attribute: String) {
        var transcript = managedTranscript()
        transcript.play("C: <a xmlns='urn:xmpp:sm:3' \(attribute)/>\nS: <error *<bad-format *\nS: <close *")
    }

    // MARK: - Resumption

    /// What a client finds that comes back: a session that was sent five stanzas, and has handled three of the client's.
    private func returning() -> Transcript {
        var transcript = Transcript()
        var management = StreamManagement(recipient: StanzaBytes.Recipient(nil))
        for number in 1...5 {
            _ = management.append(StanzaBytes(Stanza(.message, id: "\(number)")), isConnected: false)
        }
        for _ in 1...3 { management.handle() }
        transcript.management = management
        transcript.play(Fixture.login)
        return transcript
    }

    @Test func aResumedSessionGetsWhatItHasNotAcknowledgedInOrderAndNoFeatures() {
        var transcript = returning()
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='former' h='2'/>
            S: <resumed xmlns='urn:xmpp:sm:3' previd='former' h='3'/>
            S: <message xmlns='jabber:client' id='3'/>
            S: <message xmlns='jabber:client' id='4'/>
            S: <message xmlns='jabber:client' id='5'/>
            C: \(Self.message)
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='4'/>
            C: <a xmlns='urn:xmpp:sm:3' h='5'/>
            """)
        #expect(transcript.routed.map(\.from) == [Fixture.session])
        #expect(transcript.management?.unacknowledged == 0)
    }

    @Test func aResumedSessionIsManagedAlready() {
        var transcript = returning()
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='former' h='5'/>
            S: <resumed *
            C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            S: <error *<policy-violation *
            S: <close *
            """)
    }

    @Test func anUnknownSessionIsNotFoundAndBindingIsStillPossible() {
        var transcript = returning()
        transcript.formerHandled = 7
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='another' h='0'/>
            S: <failed xmlns='urn:xmpp:sm:3' h='7'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
            C: <iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            S: <iq * type='result' id='b'>*
            """)
    }

    @Test func whoHasHandledMoreThanWasSentIsSentAwayAndTheSessionStays() {
        var transcript = returning()
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='former' h='6'/>
            S: <error *<undefined-condition *<handled-count-too-high xmlns='urn:xmpp:sm:3' h='6' send-count='5'/></error>
            S: <close *
            """)
        #expect(transcript.management?.unacknowledged == 5)
    }

    @Test func whoLacksWhatIsNotKeptAnyMoreCannotResume() {
        var transcript = returning()
        _ = transcript.management?.acknowledge(4)
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='former' h='3'/>
            S: <failed xmlns='urn:xmpp:sm:3' h='3'><item-not-found *
            """)
        #expect(transcript.management?.unacknowledged == 1)
    }

    @Test(arguments: nonsense.map { "previd='former' \($0)" } + ["h='0'", "previd='' h='0'"])
    func aResumptionThatMakesNoSenseIsABadRequest(_ attributes: String) {
        var transcript = returning()
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' \(attributes)/>
            S: <failed xmlns='urn:xmpp:sm:3'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
            """)
        #expect(transcript.management?.unacknowledged == 5)
    }

    @Test func whoIsBoundCannotResume() {
        var transcript = managedTranscript()
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='former' h='0'/>
            S: <failed xmlns='urn:xmpp:sm:3'><unexpected-request *
            C: \(Self.message)
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='1'/>
            """)
    }

    @Test func guessingIsBounded() {
        var transcript = returning()
        for guess in 0..<4 {
            transcript.play("C: <resume xmlns='urn:xmpp:sm:3' previd='\(guess)' h='0'/>\nS: <failed *")
        }
        transcript.play(
            """
            C: <resume xmlns='urn:xmpp:sm:3' previd='guess' h='0'/>
            S: <failed *
            S: <error *<policy-violation *
            S: <close *
            """)
    }
}
