import Streams
import Testing
import XMPP

/// RFC 6120 §6, RFC 4505.
struct SASLTests {
    private static let sasl = Namespace.sasl

    @Test(arguments: [
        ("unknown mechanism", "<auth xmlns='\(sasl)' mechanism='PLAIN'>AGEAYg==</auth>", "invalid-mechanism"),
        ("no mechanism", "<auth xmlns='\(sasl)'/>", "invalid-mechanism"),
        ("bad base 64", "<auth xmlns='\(sasl)' mechanism='ANONYMOUS'>???</auth>", "incorrect-encoding"),
        ("base 64 of no text", "<auth xmlns='\(sasl)' mechanism='ANONYMOUS'>/w==</auth>", "incorrect-encoding"),
        ("abort", "<abort xmlns='\(sasl)'/>", "aborted"),
        ("a response to nothing", "<response xmlns='\(sasl)'/>", "malformed-request"),
    ])
    func aFailureNamesItsConditionAndTheClientMayTryAgain(_ name: String, _ input: String, _ condition: String) {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        transcript.play(
            """
            C: \(input)
            S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><\(condition)/>*
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            """)
        #expect(!transcript.hasEnded, "\(name)")
    }

    @Test(arguments: ["", "=", "dHJhY2U="])
    func aTraceStringIsAccepted(_ trace: String) {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        transcript.play(
            """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>\(trace)</auth>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            """)
    }

    @Test func fiveFailuresEndTheStream() {
        var transcript = Transcript()
        transcript.play(Fixture.opening)
        let attempt = """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='X'/>
            S: <failure *

            """
        transcript.play(
            String(repeating: attempt, count: 5) + """
                S: <error xmlns='http://etherx.jabber.org/streams'><policy-violation *
                S: <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>
                """)
        #expect(transcript.hasEnded)
    }

    @Test func aRefusedLoginIsAFailureOfTheCallersChoice() {
        var transcript = Transcript()
        transcript.loginFailure = SASLFailure(.notAuthorized)
        transcript.play(Fixture.opening)
        transcript.play(
            """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>
            S: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>
            """)
    }
}
