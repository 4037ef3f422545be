import Streams
import Testing
import XMPP

@testable import SamepageServer

struct LinkFailureTests {
    static let cases: [(name: String, failure: LinkFailure, text: String, code: String, needsOperator: Bool)] = [
        (
            "a wrong secret",
            .stream(.refused(StreamError(.notAuthorized, "Given token\ndoes not match"), isEstablished: false)),
            "the server refuses the secret (not-authorized: Given token does not match)", "not-authorized", true
        ),
        (
            "conflict", .stream(.refused(StreamError(.conflict), isEstablished: true)),
            "another connection serves this domain already (conflict)", "conflict", true
        ),
        (
            "an unknown component", .stream(.refused(StreamError(.hostUnknown), isEstablished: false)),
            "the server knows no component of this domain (host-unknown)", "host-unknown", true
        ),
        (
            "shutdown", .stream(.refused(StreamError(.systemShutdown), isEstablished: true)),
            "the server is stopping (system-shutdown)", "system-shutdown", false
        ),
        ("a lost connection", .lost, "the connection was lost", "lost", false),
        ("refused", .unreachable("connection refused"), "connection refused", "unreachable", false),
        (
            "another protocol", .stream(.violation(StreamError(.notWellFormed, "No."))),
            "what the server sends is no component stream (not-well-formed: No.)", "protocol-violation", false
        ),
    ]

    @Test(arguments: cases.map(\.name)) func theOperatorIsToldWhatIsWrong(_ name: String) throws {
        let sample = try #require(Self.cases.first { $0.name == name })
        #expect(sample.failure.description == sample.text)
        #expect(sample.failure.code == sample.code)
        #expect(sample.failure.needsOperator == sample.needsOperator)
    }
}
