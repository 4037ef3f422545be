import XMPP

/// Somebody who gives a moderator's command, and how far that reaches.
struct Moderator {
    /// A full JID.
    let session: JID
    let nick: String?
    /// In the room that the command was given in; for the whole service, an owner.
    let affiliation: Affiliation
    let isSiteAdmin: Bool

    var person: JID { session.bare }

    /// The same order as for kicks (XEP-0045 §8.2, §9.6): admins stand above moderators, owners above admins.
    func outranks(_ affiliation: Affiliation, _ role: Role?) -> Bool {
        if affiliation.isAtLeastAdmin { return self.affiliation > affiliation }
        return role != .moderator || self.affiliation.isAtLeastAdmin
    }
}

extension MUCService {
    /// - Throws: `forbidden` for everybody who moderates neither the room nor the site.
    func requireModerator(_ session: JID, in room: Room?) throws(StanzaError) -> Moderator {
        let isSiteAdmin = isSiteAdmin(session.bare)
        guard let room else {
            guard isSiteAdmin else { throw .forbidden("This is for the administrators of the service.") }
            return Moderator(session: session, nick: nil, affiliation: .owner, isSiteAdmin: true)
        }
        let affiliation = room.affiliation(of: session.bare)
        let occupant = room.occupant(of: session)
        guard occupant?.role == .moderator || (occupant == nil && affiliation.isAtLeastAdmin) else {
            throw .forbidden("This is for moderators.")
        }
        return Moderator(
            session: session, nick: occupant?.nick, affiliation: affiliation, isSiteAdmin: isSiteAdmin)
    }
}
