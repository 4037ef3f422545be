import XMPP

/// What follows from a person's affiliation, whoever changed it: a moderator, an invitation, a registration.
extension Room {
    /// Brings the occupants of a person into line with what the lists say now.
    func applyAffiliation(of person: JID, actor: String? = nil, reason: String? = nil) {
        let affiliation = affiliation(of: person)
        if affiliation == .outcast {
            dismiss(readersOf: person, .removal(.banned, actor: actor, reason: reason))
        } else if configuration.isMembersOnly, !affiliation.isAtLeastMember {
            dismiss(readersOf: person, .removal(.affiliationLost, actor: actor, reason: reason))
        }
        for occupant in Array(occupants.values) where occupant.person == person {
            apply(affiliation, to: occupant, actor: actor, reason: reason)
        }
    }

    private func apply(_ affiliation: Affiliation, to occupant: Occupant, actor: String?, reason: String?) {
        guard occupant.affiliation != affiliation else { return }
        let previous = occupant.affiliation
        occupant.affiliation = affiliation
        if affiliation == .outcast {
            return remove(occupant, .removal(.banned, actor: actor, reason: reason))
        }
        if configuration.isMembersOnly, !affiliation.isAtLeastMember {
            return remove(occupant, .removal(.affiliationLost, actor: actor, reason: reason))
        }
        // §5.1.2: who gains or loses rank takes the role of the new one; voice that a moderator gave stays.
        let role = initialRole(of: occupant.person, affiliation)
        if previous.isAtLeastAdmin || role > occupant.role {
            occupant.isMuted = false
            setRole(role, of: occupant)
        }
        announce(occupant, Announcement(actor: actor, reason: reason))
    }

    /// Whether a nick is free for somebody to reserve.
    ///
    /// - Throws: `conflict` when it is reserved for somebody else, or when somebody else is in the room under it.
    func requireUnused(_ nick: String, by person: JID) throws(StanzaError) {
        try requireUnreserved(nick, by: person)
        guard occupants[nick].map({ $0.person == person }) ?? true else {
            throw .conflict("Somebody here has that nick.")
        }
    }

    /// Whether somebody may enter or go by a nick (§7.2.8, §7.6).
    ///
    /// - Throws: `conflict` when it is reserved for somebody else, here or by the service itself.
    func requireUnreserved(_ nick: String, by person: JID) throws(StanzaError) {
        try requireUnowned(nick, by: person)
        try requireWelcome(nick, by: person)
        // What the service gives to somebody is that one's, whoever has reserved it here before.
        guard reservedNicks[nick].map({ $0 == person || owns(nick, person) }) ?? true else {
            throw .conflict("That nick is reserved for somebody else.")
        }
    }
}
