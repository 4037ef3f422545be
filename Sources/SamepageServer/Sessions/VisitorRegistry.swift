import EventLoop
import Streams
import XMPP

/// The sessions of our own domain, by full address.
@EventLoop
final class VisitorRegistry {
    /// Longest resource a client may choose, in bytes. RFC 7622 allows 1,023, but everybody in a room is sent it.
    private static let maximumResourceLength = 128

    let domain: JID
    private let limits: Limits
    /// Where the session of a full address is in `slots`.
    private var positions: [JID: Int] = [:]
    /// The sessions; addresses that we give out have their place here as their hint, so that a delivery needs no search.
    private var slots: [Slot?] = []
    /// Places in `slots` that are free.
    private var vacant: [Int] = []
    /// By bare address: those who have a session.
    private var people: [JID: Visitor] = [:]

    init(domain: JID, limits: Limits = Limits()) {
        self.domain = domain
        self.limits = limits
    }

    private struct Slot {
        let jid: JID
        var session: any ClientSession
    }

    var count: Int { positions.count }

    func session(_ jid: JID) -> (any ClientSession)? {
        // Somebody else may have the place by now: a hint is believed when it is right.
        if let slot = slot(Int(jid.hint) - 1), slot.jid == jid { return slot.session }
        return positions[jid].flatMap { slot($0)?.session }
    }

    private func slot(_ position: Int) -> Slot? { slots.indices.contains(position) ? slots[position] : nil }

    /// The person behind a full or bare address, while it has a session.
    func visitor(_ jid: JID) -> Visitor? { people[jid.bare] }

    /// All sessions of the person behind an address, in the order of their coming.
    func sessions(of person: JID) -> [any ClientSession] {
        visitor(person)?.sessions.compactMap(session) ?? []
    }

    /// A fresh identity for somebody who says nothing about who they are (RFC 4505): `<26 characters>@domain`.
    func newIdentity() -> JID? {
        JID(localpart: RandomID.visitor(), domain: domain.domain)
    }

    /// Binds a session to a full address (RFC 6120 §7): the resource it asked for, unless that is taken or unfit.
    func bind(_ session: any ClientSession, identity: JID, resource: String?) throws(StanzaError) -> JID {
        let visitor = people[identity.bare] ?? Visitor(limits: limits)
        if visitor.sessions.count >= limits.sessionsPerVisitor { endOneWithoutConnection(of: visitor) }
        // RFC 6120 §7.6.2.1
        guard visitor.sessions.count < limits.sessionsPerVisitor else {
            throw .resourceConstraint("You have as many sessions as one visitor may have. Close one.")
        }
        var jid = resource.flatMap { $0.utf8.count <= Self.maximumResourceLength ? identity.with(resource: $0) : nil }
        if let wanted = jid, positions[wanted] != nil { jid = nil }
        guard var jid = jid ?? identity.with(resource: RandomID.stream()) else {
            throw .badRequest("No address can be made of this resource.")
        }
        let position = vacant.popLast() ?? slots.count
        jid.hint = UInt32(clamping: position + 1)
        let slot = Slot(jid: jid, session: session)
        if position < slots.count { slots[position] = slot } else { slots.append(slot) }
        positions[jid] = position
        visitor.enter(jid)
        people[identity.bare] = visitor
        return jid
    }

    /// Whoever comes and has no place goes before a session that waits for a client that may never come.
    private func endOneWithoutConnection(of visitor: Visitor) {
        let waiting = visitor.sessions.lazy.compactMap { self.session($0) as? ManagedSession }.first(
            where: \.isDetached)
        waiting?.finish()
    }

    /// The same address, carried by something else from now on.
    func replace(_ session: any ClientSession, by other: any ClientSession) {
        guard let jid = session.jid, let position = positions[jid], slots[position]?.session === session else { return }
        slots[position]?.session = other
    }

    func remove(_ jid: JID) {
        guard let position = positions.removeValue(forKey: jid) else { return }
        slots[position] = nil
        vacant.append(position)
        guard let visitor = people[jid.bare] else { return }
        visitor.leave(jid)
        if visitor.sessions.isEmpty { people[jid.bare] = nil }
    }
}
