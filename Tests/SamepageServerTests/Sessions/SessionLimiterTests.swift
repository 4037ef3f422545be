import Testing
import XMPP

@testable import SamepageServer

struct SessionLimiterTests {
    private let limits = Limits()
    private let message = Stanza(.message, [Element("body", Namespace.client, text: "hi")])
    private let typing = Stanza(.message, [Element("composing", Namespace.chatStates)])

    private func make() -> (SessionLimiter, MessageLimiter) {
        (SessionLimiter(limits: limits, now: 0), MessageLimiter(limits: limits, now: 0))
    }

    @Test func aBurstPassesAndTheNextMessageIsRefusedUntilTimeHasPassed() {
        var (limiter, messages) = make()
        for _ in 0..<10 { #expect(limiter.judge(message, &messages, now: 0) == .pass) }
        guard case .refuse(let error) = limiter.judge(message, &messages, now: 0) else {
            Issue.record("the eleventh message passed")
            return
        }
        #expect(error.condition == .policyViolation)
        #expect(error.kind == .wait)
        #expect(limiter.judge(message, &messages, now: 500) == .pass)
    }

    @Test func whoGoesOnAfterRefusalsIsDisconnected() {
        var (limiter, messages) = make()
        let verdicts = (0..<30).map { _ in limiter.judge(message, &messages, now: 0) }
        #expect(verdicts.contains { if case .disconnect = $0 { true } else { false } })
    }

    @Test func typingNotificationsDoNotUseUpMessages() {
        var (limiter, messages) = make()
        for _ in 0..<20 { #expect(limiter.judge(typing, &messages, now: 0) == .pass) }
        #expect(limiter.judge(message, &messages, now: 0) == .pass)
    }

    @Test func aFloodOfAnyStanzasIsDisconnected() {
        var (limiter, messages) = make()
        let verdicts = (0..<61).map { _ in limiter.judge(typing, &messages, now: 0) }
        #expect(verdicts.dropLast().allSatisfy { $0 == .pass })
        #expect(verdicts.last == .disconnect(StreamError(.policyViolation, "Too many stanzas in a short time.")))
    }

    @Test func theSessionsOfOnePersonShareItsMessagesAndNothingElse() {
        var (first, messages) = make()
        var second = SessionLimiter(limits: limits, now: 0)
        for _ in 0..<5 {
            #expect(first.judge(message, &messages, now: 0) == .pass)
            #expect(second.judge(message, &messages, now: 0) == .pass)
        }
        guard case .refuse = second.judge(message, &messages, now: 0) else {
            Issue.record("the eleventh message passed")
            return
        }
        for _ in 0..<50 { #expect(first.judge(typing, &messages, now: 0) == .pass) }
        for _ in 0..<50 { #expect(second.judge(typing, &messages, now: 0) == .pass) }
    }
}
