import MUC
import XMPP

/// The rates of people of other servers, by full JID: the same as those of a visitor's session.
///
/// The table is bounded by `Limits.remoteSenders`; who has been quiet for a while is forgotten when it is full.
struct RemoteSenders {
    /// What becomes of a stanza.
    enum Verdict: Hashable, Sendable {
        case pass
        case refuse(StanzaError)
        /// It has gone too far: its stanza is refused, and it leaves all rooms.
        case expel(StanzaError)
    }

    private struct Sender {
        var limiter: SessionLimiter
        var messages: MessageLimiter
        var bytes: TokenBucket
        var lastSeen: Int64
    }

    /// Milliseconds after which any burst is available again.
    private static let quietTime: Int64 = 60_000

    private let limits: Limits
    private var senders: [JID: Sender] = [:]
    private var nextSweep: Int64 = .min

    init(limits: Limits) {
        self.limits = limits
    }

    var count: Int { senders.count }

    /// - Parameter now: Milliseconds since 1970.
    mutating func judge(_ stanza: Stanza, from jid: JID, now: Int64) -> Verdict {
        guard var sender = sender(jid, now: now) else {
            return .refuse(.resourceConstraint("Too many people of other servers are here; try again in a while."))
        }
        sender.lastSeen = now
        let verdict = judge(stanza, &sender, now)
        senders[jid] = sender
        return verdict
    }

    private func judge(_ stanza: Stanza, _ sender: inout Sender, _ now: Int64) -> Verdict {
        switch sender.limiter.judge(stanza, &sender.messages, now: now) {
        case .disconnect(let error): return .expel(.policyViolation(error.text))
        case .refuse(let error): return .refuse(error)
        case .pass: break
        }
        // A visitor's connection would be read more slowly; here a stanza is there as a whole.
        guard sender.bytes.take(stanza.footprint, now: now) else {
            return .refuse(.policyViolation("Too much in a short time: wait a moment and send it again."))
        }
        return .pass
    }

    private mutating func sender(_ jid: JID, now: Int64) -> Sender? {
        if let sender = senders[jid] { return sender }
        if senders.count >= limits.remoteSenders {
            // At most one pass per second, or a flood of addresses would buy a pass each.
            guard now >= nextSweep else { return nil }
            nextSweep = now.addingReportingOverflow(1_000).partialValue
            senders = senders.filter { now - $0.value.lastSeen < Self.quietTime }
            guard senders.count < limits.remoteSenders else { return nil }
        }
        return Sender(
            limiter: SessionLimiter(limits: limits, now: now), messages: MessageLimiter(limits: limits, now: now),
            bytes: TokenBucket(rate: limits.byteRate, burst: limits.byteBurst, now: now), lastSeen: now)
    }
}
