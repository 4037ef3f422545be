import XMPP

/// The invitations that a room has passed on lately (XEP-0045 §7.8.2): who may decline, and that nobody makes a room
/// pester people.
struct Invitations {
    private struct Entry {
        let invitee: JID
        let inviter: JID
        let time: Int64
        var isAnswered = false
    }

    /// How long an invitation counts and can be declined, in milliseconds.
    static let lifetime: Int64 = 3_600_000

    /// Remembered at most, where the operator has lifted the limits; the oldest can no longer be declined then.
    static let capacity = 10_000

    private var entries: [Entry] = []

    /// - Throws: `resource-constraint` when the room or the inviter has invited as many as an hour allows.
    mutating func reserve(_ count: Int, by inviter: JID, _ limits: MUCLimits, now: Int64) throws(StanzaError) {
        // A clock that was set back must not keep entries for ever.
        entries.removeAll { now < $0.time || now - $0.time >= Self.lifetime }
        let own = entries.count { $0.inviter == inviter }
        let (room, person) = (limits.invitationsPerRoom, limits.invitationsPerPerson)
        guard room <= 0 || entries.count + count <= room, person <= 0 || own + count <= person else {
            throw .resourceConstraint("Too many invitations for one hour.")
        }
    }

    mutating func add(_ invitee: JID, by inviter: JID, now: Int64) {
        if entries.count >= Self.capacity { entries.removeFirst(Self.capacity / 10) }
        entries.append(Entry(invitee: invitee, inviter: inviter, time: now))
    }

    /// Whom somebody declines: the last who invited them. An invitation is declined once.
    mutating func decline(by invitee: JID, now: Int64) -> JID? {
        let index = entries.lastIndex { $0.invitee == invitee && !$0.isAnswered && now - $0.time < Self.lifetime }
        guard let index else { return nil }
        entries[index].isAnswered = true
        return entries[index].inviter
    }
}
