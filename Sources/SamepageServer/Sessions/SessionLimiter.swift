import XMPP

/// What one session may send (docs/configuration.md, `limits.message-rate` and its neighbours). Messages are counted by
/// person, stanzas of all kinds by session.
///
/// A message too many is refused with a stanza error, so that a person can wait and try again. Who goes on regardless,
/// or floods with anything else, loses the stream.
struct SessionLimiter: Sendable {
    enum Verdict: Hashable, Sendable {
        case pass
        case refuse(StanzaError)
        case disconnect(StreamError)
    }

    private var stanzas: TokenBucket

    init(limits: Limits, now: Int64) {
        stanzas = TokenBucket(rate: limits.stanzaRate, burst: limits.stanzaBurst, now: now)
    }

    mutating func judge(_ stanza: Stanza, _ messages: inout MessageLimiter, now: Int64) -> Verdict {
        guard stanzas.take(now: now) else {
            return .disconnect(StreamError(.policyViolation, "Too many stanzas in a short time."))
        }
        return isMessage(stanza) ? messages.judge(now: now) : .pass
    }

    /// What people read counts; typing notifications and receipts have the wider bound of all stanzas.
    private func isMessage(_ stanza: Stanza) -> Bool {
        stanza.kind == .message
            && (stanza.child("body", Namespace.client) != nil || stanza.child("subject", Namespace.client) != nil)
    }
}
