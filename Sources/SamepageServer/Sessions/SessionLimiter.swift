import XMPP

/// What one session may send (docs/configuration.md, `limits.message-rate` and its neighbours).
///
/// A message too many is refused with a stanza error, so that a person can wait and try again. Who goes on regardless,
/// or floods with anything else, loses the stream.
struct SessionLimiter: Sendable {
    enum Verdict: Hashable, Sendable {
        case pass
        case refuse(StanzaError)
        case disconnect(StreamError)
    }

    private var messages: TokenBucket
    private var stanzas: TokenBucket
    private var refusals: TokenBucket

    init(limits: Limits, now: Int64) {
        messages = TokenBucket(rate: limits.messageRate, burst: limits.messageBurst, now: now)
        stanzas = TokenBucket(rate: limits.stanzaRate, burst: limits.stanzaBurst, now: now)
        // As many refusals as a burst has messages are no slip of the finger.
        refusals = TokenBucket(rate: limits.messageRate, burst: limits.messageBurst, now: now)
    }

    mutating func judge(_ stanza: Stanza, now: Int64) -> Verdict {
        guard stanzas.take(now: now) else {
            return .disconnect(StreamError(.policyViolation, "Too many stanzas in a short time."))
        }
        guard isMessage(stanza), !messages.take(now: now) else { return .pass }
        guard refusals.take(now: now) else {
            return .disconnect(StreamError(.policyViolation, "Too many messages in a short time."))
        }
        return .refuse(.policyViolation("Too many messages: wait a moment and send it again."))
    }

    /// What people read counts; typing notifications and receipts have the wider bound of all stanzas.
    private func isMessage(_ stanza: Stanza) -> Bool {
        stanza.kind == .message
            && (stanza.child("body", Namespace.client) != nil || stanza.child("subject", Namespace.client) != nil)
    }
}
