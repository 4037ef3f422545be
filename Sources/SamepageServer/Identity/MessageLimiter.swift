import XMPP

/// How many messages one person may send, in all its sessions together (`limits.message-rate`).
struct MessageLimiter: Sendable {
    private var messages: TokenBucket
    private var refusals: TokenBucket

    init(limits: Limits, now: Int64) {
        messages = TokenBucket(rate: limits.messageRate, burst: limits.messageBurst, now: now)
        // As many refusals as a burst has messages are no slip of the finger.
        refusals = TokenBucket(rate: limits.messageRate, burst: limits.messageBurst, now: now)
    }

    mutating func judge(now: Int64) -> SessionLimiter.Verdict {
        guard !messages.take(now: now) else { return .pass }
        guard refusals.take(now: now) else {
            return .disconnect(StreamError(.policyViolation, "Too many messages in a short time."))
        }
        return .refuse(.policyViolation("Too many messages: wait a moment and send it again."))
    }
}
