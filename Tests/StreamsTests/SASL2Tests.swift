import Streams
import Testing
import XMPP

/// XEP-0388 with XEP-0386 and XEP-0198 inside.
struct SASL2Tests {
    private static let enable = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"
    private static let bind = "<bind xmlns='urn:xmpp:bind:0'><tag>samepage</tag>\(enable)</bind>"

    private static func authenticate(_ inline: String = "", mechanism: String = "ANONYMOUS") -> String {
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='\(mechanism)'>\(inline)</authenticate>"
    }

    private func transcript(_ change: (inout Transcript) -> Void = { _ in }) -> Transcript {
        var transcript = Transcript()
        change(&transcript)
        transcript.play(Fixture.opening)
        return transcript
    }

    // MARK: - Authentication

    @Test func withoutAnythingInlineFeaturesFollowAndNothingRestarts() {
        var transcript = transcript()
        transcript.play(
            """
            C: \(Self.authenticate())
            S: <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>visitor@localhost</authorization-identifier></success>
            S: <features xmlns='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></features>
            C: <iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>tab</resource></bind></iq>
            S: <iq xmlns='jabber:client' type='result' id='b'>*visitor@localhost/tab*</iq>
            C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>
            S: <enabled xmlns='urn:xmpp:sm:3' id='former' resume='true' max='300'/>
            """)
        #expect(!transcript.hasEnded)
    }

    @Test func aRestartAfterItIsAnError() {
        var transcript = transcript()
        transcript.play(
            """
            C: \(Self.authenticate())
            S: <success *
            S: <features *
            C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>
            S: <error *<policy-violation *
            S: <close *
            """)
    }

    @Test(arguments: ["", "<initial-response/>", "<initial-response>=</initial-response>"])
    func nothingToSayIsAnEmptyTrace(_ response: String) {
        var transcript = transcript()
        transcript.play("C: \(Self.authenticate(response))\nS: <success *\nS: <features *")
        #expect(transcript.traces == [""])
    }

    @Test func theTraceReachesWhoeverDecides() {
        var transcript = transcript()
        transcript.play(
            "C: \(Self.authenticate("<initial-response>c3AxLmE=</initial-response>"))\nS: <success *\nS: <features *")
        #expect(transcript.traces == ["sp1.a"])
    }

    @Test func successSaysWhatTheServerAdds() {
        var transcript = transcript { $0.extensions = [Element("token", "urn:samepage:visitor:0", text: "sp1.x")] }
        transcript.play(
            """
            C: \(Self.authenticate(Self.bind))
            S: <success *</authorization-identifier><bound *</bound><token xmlns='urn:samepage:visitor:0'>sp1.x</token></success>
            S: <features *
            """)
    }

    @Test(arguments: [
        ("unknown mechanism", authenticate(mechanism: "PLAIN"), "invalid-mechanism"),
        ("no mechanism", "<authenticate xmlns='urn:xmpp:sasl:2'/>", "invalid-mechanism"),
        ("bad base 64", authenticate("<initial-response>???</initial-response>"), "incorrect-encoding"),
        ("base 64 of no text", authenticate("<initial-response>/w==</initial-response>"), "incorrect-encoding"),
        ("abort", "<abort xmlns='urn:xmpp:sasl:2'/>", "aborted"),
        ("a response to nothing", "<response xmlns='urn:xmpp:sasl:2'/>", "malformed-request"),
    ])
    func aFailureNamesItsConditionAndTheClientMayTryAgain(_ name: String, _ input: String, _ condition: String) {
        var transcript = transcript()
        transcript.play(
            """
            C: \(input)
            S: <failure xmlns='urn:xmpp:sasl:2'><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>*
            C: \(Self.authenticate(Self.bind))
            S: <success *
            S: <features *
            """)
        #expect(!transcript.hasEnded, "\(name)")
    }

    @Test func aRefusedLoginRunsNothingThatWasInline() {
        var transcript = transcript { $0.loginFailure = SASLFailure(.notAuthorized, "This token has expired.") }
        transcript.play(
            """
            C: \(Self.authenticate("<resume xmlns='urn:xmpp:sm:3' previd='former' h='0'/>" + Self.bind))
            S: <failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/><text>This token has expired.</text></failure>
            """)
        #expect(transcript.enabled.isEmpty && !transcript.hasEnded)
        transcript.loginFailure = nil
        // The next attempt, even of the other kind, has nothing left of the one before.
        transcript.play(
            """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            """)
    }

    @Test func attemptsOfBothKindsAreCountedTogether() {
        var transcript = transcript()
        for _ in 0..<2 {
            transcript.play("C: \(Self.authenticate(mechanism: "X"))\nS: <failure *")
            transcript.play("C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='X'/>\nS: <failure *")
        }
        transcript.play(
            "C: \(Self.authenticate(mechanism: "X"))\nS: <failure *\nS: <error *<policy-violation *\nS: <close *")
        #expect(transcript.hasEnded)
    }

    @Test func authenticatingAgainIsAnError() {
        var transcript = transcript()
        transcript.play("C: \(Self.authenticate(Self.bind))\nS: <success *\nS: <features *")
        transcript.play("C: \(Self.authenticate())\nS: <error *<unsupported-stanza-type *\nS: <close *")
    }

    // MARK: - Bind 2

    @Test func aSessionIsUpInOneRoundTrip() {
        var transcript = transcript()
        transcript.play(
            """
            C: \(Self.authenticate("<initial-response>=</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>" + Self.bind))
            S: <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>visitor@localhost/samepage/*</authorization-identifier><bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='former' resume='true' max='300'/></bound></success>
            S: <features xmlns='http://etherx.jabber.org/streams'/>
            C: <presence xmlns='jabber:client' to='room@rooms.localhost/Ann'/>
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='1'/>
            """)
        #expect(transcript.routed.count == 1)
    }

    @Test func withoutATagTheResourceIsOurs() {
        var transcript = transcript()
        transcript.play(
            """
            C: \(Self.authenticate("<bind xmlns='urn:xmpp:bind:0'/>"))
            S: <success *>visitor@localhost/generated</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>
            S: <features xmlns='http://etherx.jabber.org/streams'><sm xmlns='urn:xmpp:sm:3'/></features>
            C: <enable xmlns='urn:xmpp:sm:3'/>
            S: <enabled xmlns='urn:xmpp:sm:3'/>
            """)
    }

    @Test func whoMayNotHaveASessionLosesTheStream() {
        var transcript = transcript { $0.bindFailure = .resourceConstraint("You have as many sessions as one may.") }
        transcript.play(
            """
            C: \(Self.authenticate(Self.bind))
            S: <error xmlns='http://etherx.jabber.org/streams'><resource-constraint *You have as many*</error>
            S: <close *
            """)
    }

    // MARK: - Resumption

    private static func resume(_ id: String, _ h: String = "0") -> String {
        "<resume xmlns='urn:xmpp:sm:3' previd='\(id)' h='\(h)'/>"
    }

    private func returning() -> Transcript {
        transcript { transcript in
            var management = StreamManagement(recipient: StanzaBytes.Recipient(nil))
            for id in ["1", "2"] { _ = management.append(StanzaBytes(Stanza(.message, id: id)), isConnected: false) }
            transcript.management = management
        }
    }

    @Test func aSessionIsBackInOneRoundTripAndTheBindIsIgnored() {
        var transcript = returning()
        transcript.play(
            """
            C: \(Self.authenticate(Self.bind + Self.resume("former", "1")))
            S: <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>visitor@localhost/tab</authorization-identifier><resumed xmlns='urn:xmpp:sm:3' previd='former' h='0'/></success>
            S: <message xmlns='jabber:client' id='2'/>
            C: <r xmlns='urn:xmpp:sm:3'/>
            S: <a xmlns='urn:xmpp:sm:3' h='0'/>
            """)
        #expect(transcript.enabled.isEmpty)
    }

    @Test func whenItCannotBeResumedTheBindIsDone() {
        var transcript = returning()
        transcript.play(
            """
            C: \(Self.authenticate(Self.resume("another") + Self.bind))
            S: <success *><failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed><bound xmlns='urn:xmpp:bind:0'><enabled *</bound></success>
            S: <features xmlns='http://etherx.jabber.org/streams'/>
            """)
    }

    @Test func withoutABindTheClassicOneIsStillPossible() {
        var transcript = returning()
        transcript.play(
            """
            C: \(Self.authenticate(Self.resume("another")))
            S: <success *>visitor@localhost</authorization-identifier><failed *</failed></success>
            S: <features *<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>*
            C: <iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
            S: <iq * type='result' id='b'>*
            """)
    }

    @Test func nonsenseIsABadRequestAndTheBindIsDone() {
        var transcript = returning()
        transcript.play(
            """
            C: \(Self.authenticate(Self.resume("former", "-1") + Self.bind))
            S: <success *><failed xmlns='urn:xmpp:sm:3'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed><bound *
            S: <features *
            """)
    }

    @Test func tooHighACountEndsTheNewStreamOnly() {
        var transcript = returning()
        transcript.play(
            """
            C: \(Self.authenticate(Self.resume("former", "4294967295") + Self.bind))
            S: <error *<undefined-condition *<handled-count-too-high *
            S: <close *
            """)
        #expect(transcript.management?.unacknowledged == 2 && transcript.enabled.isEmpty)
    }

    // MARK: - Over BOSH

    @Test func overBOSHItIsTheSameWithoutStreamManagement() throws {
        var play = try BOSHPlay()
        let features = try #require(play.answers[1]?.child("features", Namespace.streams))
        let inline = features.child("authentication", Namespace.sasl2)?.child("inline", Namespace.sasl2)
        #expect(inline?.children.map(\.description) == ["<bind xmlns='urn:xmpp:bind:0'/>"])

        let ticket = try play.say(
            rid: 2, "",
            Self.authenticate(Self.resume("former") + Self.bind) + "<presence xmlns='jabber:client' to='r@x'/>")
        let body = try #require(play.answers[ticket])
        let success = try #require(body.child("success", Namespace.sasl2))
        let refusal =
            "<failed xmlns='urn:xmpp:sm:3'><feature-not-implemented xmlns='\(Namespace.stanzaErrors)'/></failed>"
        #expect(success.child("failed", Namespace.management)?.description == refusal)
        #expect(success.child("bound", Namespace.bind2)?.children.map(\.description) == [refusal])
        #expect(body.child("features", Namespace.streams)?.children.isEmpty == true)
        #expect(play.routed.count == 1)

        let next = try play.say(rid: 3, "", Self.enable)
        #expect(play.answers[next]?.child("failed", Namespace.management)?.description == refusal)
        #expect(play.ending == nil)
    }
}
