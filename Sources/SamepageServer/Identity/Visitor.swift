import EventLoop
import XMPP

/// A person with one session or more: what all tabs of a browser have in common.
@EventLoop
final class Visitor {
    /// Full addresses, in the order of their coming.
    private(set) var sessions: [JID] = []
    /// What people read is limited by person: twenty tabs are no twenty voices.
    var messages: MessageLimiter

    init(limits: Limits) {
        messages = MessageLimiter(limits: limits, now: WallClock.now)
    }

    func enter(_ session: JID) { sessions.append(session) }

    func leave(_ session: JID) { sessions.removeAll { $0 == session } }
}
