import XMPP

/// Presence of somebody who is in the room (XEP-0045 §7.7).
extension Room {
    /// Available presence to the nick that the occupant has, or to another one; with `<x/>` of a client that lost track
    /// and wants to hear everything again (§7.2, "resync").
    func update(_ stanza: Stanza, of occupant: Occupant, session: JID, now: Int64) throws(StanzaError) {
        let requested = stanza.to?.resource
        let nick = try NickRules.prepare(requested, maximumLength: limits.nickLength)
        if nick != occupant.nick { try NickRules.requirePortable(nick, limits) }
        let presence = try occupantPresence(stanza)
        let join = stanza.child("x", Namespace.muc)
        var own = Announcement(id: stanza.id)
        if nick != requested { own.ownStatuses.append(.nickAssigned) }

        if nick != occupant.nick {
            try rename(occupant, to: nick, presence, own, session: session, now: now)
        } else if join == nil {
            occupant.show(presence, from: session)
            announce(occupant, own)
        } else if occupant.primary == session, occupant.presence != presence {
            occupant.show(presence, from: session)
            // Its own copy comes in its place, after the others.
            announce(occupant, Announcement(), own: occupant.sessionJIDs.filter { $0 != session })
        } else {
            occupant.note(presence, from: session)
        }
        guard let join else { return }
        if stanza.child("count", Namespace.lurk) != nil { count(for: session) }
        tellState(to: session, of: occupant, own, HistoryRequest(join), now: now)
    }

    /// What of a presence is passed on: all but what only the room says, and what only the room reads.
    func occupantPresence(_ stanza: Stanza) throws(StanzaError) -> [Element] {
        let payload = stanza.payload.filter { child in
            !isReserved(child) && child.namespace != Namespace.muc && child.namespace != Namespace.page
                && child.namespace != Namespace.lurk
        }
        let size = payload.reduce(0) { $0 + $1.footprint }
        guard size <= limits.presenceSize else {
            throw StanzaError(.policyViolation, .modify, "A presence here has at most \(limits.presenceSize) bytes.")
        }
        return presentable(payload, of: stanza.from)
    }

    /// What only the room may say, and what nobody must therefore be able to forge: room information, occupant ids,
    /// hats (XEP-0317), what moderators did (XEP-0425), stanza ids by the room, and delays that pass for the room's.
    func isReserved(_ child: Element) -> Bool {
        switch (child.name, child.namespace) {
        case ("x", Namespace.mucUser), ("occupant-id", Namespace.occupantID): return true
        case ("hats", Namespace.hats), ("hats", Namespace.legacyHats): return true
        case ("retracted", Namespace.retraction), ("retracted", Namespace.legacyRetraction): return true
        case ("moderated", _): return isModeration(child)
        case ("retract", Namespace.retraction), ("apply-to", Namespace.fastening):
            return child.children.contains(where: isModeration)
        case ("stanza-id", Namespace.stanzaIDs): return isOurs(child["by"])
        // A delay without a source says nothing about who claims it; clients take it for the room's.
        case ("delay", Namespace.delay), ("x", Namespace.legacyDelay): return child["from"].map(isOurs) ?? true
        default: return false
        }
    }

    /// What only the room says of a moderator (XEP-0425 §5).
    private func isModeration(_ child: Element) -> Bool {
        child.name == "moderated"
            && (child.namespace == Namespace.moderation || child.namespace == Namespace.legacyModeration)
    }

    /// Whether an address is the room, an occupant or the service.
    private func isOurs(_ address: String?) -> Bool {
        guard let address, let claimed = JID(address) else { return false }
        return claimed.bare == jid || claimed.bare == context.settings.service
    }
}
