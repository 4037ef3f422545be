import MUC
import XMPP

/// What visitors send, apart from joins.
extension RemoteMUC {
    func presenceOfVisitor(
        _ stanza: Stanza, session: JID, room localpart: String, now: Int64
    ) throws(StanzaError) {
        switch stanza.type {
        case nil: break
        case "unavailable": return leaveOfVisitor(stanza, session: session, room: localpart)
        default: return pass()
        }
        let occupant = rooms[localpart]?.occupants[session]
        let isJoin = stanza.child("x", Namespace.muc) != nil
        // Presence of a stranger without `<x/>` is no join to us, but one of the protocol of 1999 to many services: it
        // would make a room past the keeper.
        guard isJoin || occupant != nil else { return }
        let nick = try NickRules.prepare(stanza.to?.resource, maximumLength: limits.nickLength)
        if isJoin { return try join(stanza, session: session, room: localpart, nick: nick, now: now) }
        guard let occupant, let room = rooms[localpart] else { return }
        try update(stanza, occupant, room, nick: nick, now: now)
    }

    /// A new presence or a new nick (XEP-0045 §7.6, §7.7).
    private func update(
        _ stanza: Stanza, _ occupant: RemoteOccupant, _ room: RemoteRoom, nick: String, now: Int64
    ) throws(StanzaError) {
        var presence = stanza
        presence.to = room.jid.with(resource: nick)
        presence.removeChildren { $0.namespace == Namespace.page }
        switch occupant.phase {
        // Not in yet: nothing to change.
        case .waiting: return
        // Another tab has asked for that already.
        case .away where occupant.following?.nick == nick: occupant.remember(presence, limits: limits)
        case .away:
            guard nick == occupant.nick else {
                throw .remoteServerTimeout("The connection to this room is being restored. Try again in a moment.")
            }
            // Rejoining says it.
            occupant.remember(presence, limits: limits)
        case .joining, .joined, .rejoining, .catchingUp:
            try checkRename(of: occupant, to: nick, now: now)
            let password = occupant.password
            occupant.remember(presence, limits: limits)
            occupant.password = password
            if nick != occupant.nick, occupant.phase.isSettled { stepAside(for: occupant, to: nick, room, now: now) }
            if presence == stanza { pass() } else { send(presence) }
        }
    }

    /// XEP-0045 §7.14.
    private func leaveOfVisitor(_ stanza: Stanza, session: JID, room localpart: String) {
        guard let room = rooms[localpart], let occupant = room.occupants[session] else {
            if isUp { pass() }
            return
        }
        if occupant.phase.isSent {
            pass()
        } else if occupant.phase.isInside {
            // The service has not seen it come back, so it cannot see it go.
            deliver(departure(of: occupant, room, status: nil, text: nil))
        }
        remove(occupant, from: room)
    }

    /// Messages and requests pass, unless the room does not know yet that the sender is back.
    func requestOfVisitor(_ stanza: Stanza, session: JID, to: JID, room localpart: String) throws(StanzaError) {
        guard isUp, stanza.mayBeAnswered, stanza.kind == .message || to.isFull,
            let phase = rooms[localpart]?.occupants[session]?.phase
        else { return pass() }
        switch phase {
        case .away, .rejoining:
            throw .remoteServerTimeout("The connection to this room is being restored. Try again in a moment.")
        case .waiting, .joining, .joined, .catchingUp: pass()
        }
    }
}
