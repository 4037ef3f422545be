import Testing
import XMPP

@testable import SamepageServer

struct SessionLimiterTests {
    private let message = Stanza(.message, [Element("body", Namespace.client, text: "hi")])
    private let typing = Stanza(.message, [Element("composing", Namespace.chatStates)])

    @Test func aBurstPassesAndTheNextMessageIsRefusedUntilTimeHasPassed() {
        var limiter = SessionLimiter(limits: Limits(), now: 0)
        for _ in 0..<10 { #expect(limiter.judge(message, now: 0) == .pass) }
        guard case .refuse(let error) = limiter.judge(message, now: 0) else {
            Issue.record("the eleventh message passed")
            return
        }
        #expect(error.condition == .policyViolation)
        #expect(error.kind == .wait)
        #expect(limiter.judge(message, now: 500) == .pass)
    }

    @Test func whoGoesOnAfterRefusalsIsDisconnected() {
        var limiter = SessionLimiter(limits: Limits(), now: 0)
        let verdicts = (0..<30).map { _ in limiter.judge(message, now: 0) }
        #expect(verdicts.contains { if case .disconnect = $0 { true } else { false } })
    }

    @Test func typingNotificationsDoNotUseUpMessages() {
        var limiter = SessionLimiter(limits: Limits(), now: 0)
        for _ in 0..<20 { #expect(limiter.judge(typing, now: 0) == .pass) }
        #expect(limiter.judge(message, now: 0) == .pass)
    }

    @Test func aFloodOfAnyStanzasIsDisconnected() {
        var limiter = SessionLimiter(limits: Limits(), now: 0)
        let verdicts = (0..<61).map { _ in limiter.judge(typing, now: 0) }
        #expect(verdicts.dropLast().allSatisfy { $0 == .pass })
        #expect(verdicts.last == .disconnect(StreamError(.policyViolation, "Too many stanzas in a short time.")))
    }
}
