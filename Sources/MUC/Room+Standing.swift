import XMPP

/// People whom the service itself has given a place in the room. Nothing of it is kept in the room's lists: it ends when
/// the service says so.
extension Room {
    func standing(of person: JID) -> Standing? {
        if context.settings.admins.contains(person) { return .owner }
        return context.policy.standing(of: person, in: jid, pageURL: configuration.pageURL)
    }

    /// Those people, the service's admins first.
    var peopleOfStanding: [JID] {
        Array(context.settings.admins) + context.policy.peopleOfStanding(in: jid, pageURL: configuration.pageURL)
    }

    /// The role that somebody enters with (§5.1.2).
    func initialRole(of person: JID, _ affiliation: Affiliation) -> Role {
        standing(of: person) == nil ? configuration.initialRole(affiliation) : .moderator
    }

    /// Whether a nick is somebody's own by the service itself.
    func owns(_ nick: String, _ person: JID) -> Bool {
        context.policy.owns(nick, person, in: jid, pageURL: configuration.pageURL)
    }

    /// Whether somebody may go by a nick, as far as the service itself has given it away (§7.2.8).
    ///
    /// - Throws: `conflict` when it is another person's.
    func requireUnowned(_ nick: String, by person: JID) throws(StanzaError) {
        guard context.policy.mayUse(nick, person, in: jid, pageURL: configuration.pageURL) else {
            throw .conflict("That nick belongs to somebody else.")
        }
    }
}
