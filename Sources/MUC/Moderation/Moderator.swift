import XMPP

/// Somebody who gives a moderator's command, and how far that reaches.
struct Moderator {
    /// A full JID.
    let session: JID
    let nick: String?
    /// In the room that the command was given in; else what the service makes of them.
    let affiliation: Affiliation
    /// Whether they administer every room.
    let isSiteAdmin: Bool
    /// Beyond the room that the command was given in.
    var office: Office?

    var person: JID { session.bare }

    /// The site from all of whose rooms they may ban, if it is one site.
    var pagesToBanFrom: String? {
        guard let office, office.standing != .moderator else { return nil }
        return office.site
    }

    /// The same order as for kicks (XEP-0045 §8.2, §9.6): admins stand above moderators, owners above admins.
    func outranks(_ affiliation: Affiliation, _ role: Role?) -> Bool {
        if affiliation.isAtLeastAdmin { return self.affiliation > affiliation }
        return role != .moderator || self.affiliation.isAtLeastAdmin
    }
}

extension MUCService {
    /// - Throws: `forbidden` for everybody who moderates neither the room nor, where none is named, any site.
    func requireModerator(_ session: JID, in room: Room?) throws(StanzaError) -> Moderator {
        let person = session.bare
        let isSiteAdmin = isSiteAdmin(person)
        let office = context.policy.office(of: person)
        guard let room else {
            guard isSiteAdmin || office != nil else {
                throw .forbidden("This is for the administrators of the service.")
            }
            let standing = settings.admins.contains(person) ? Standing.owner : office?.standing ?? .moderator
            return Moderator(
                session: session, nick: office?.nick, affiliation: standing.affiliation, isSiteAdmin: isSiteAdmin,
                office: office)
        }
        let occupant = room.occupant(of: session)
        guard occupant?.role == .moderator || (occupant == nil && room.moderatesFromOutside(person)) else {
            throw .forbidden("This is for moderators.")
        }
        return Moderator(
            session: session, nick: occupant?.nick ?? office?.nick, affiliation: room.affiliation(of: person),
            isSiteAdmin: isSiteAdmin, office: office)
    }

    /// Whether somebody administers every room of the service: by configuration, or by the service's own grace.
    func isSiteAdmin(_ person: JID) -> Bool {
        if settings.admins.contains(person) { return true }
        guard let office = context.policy.office(of: person) else { return false }
        return office.site == nil && office.standing != .moderator
    }

    /// Whether a moderator moderates a room because of an office, and not only because of what the room itself says.
    func reaches(_ localpart: String, _ moderator: Moderator) -> Bool {
        if moderator.isSiteAdmin { return true }
        guard let office = moderator.office else { return false }
        guard let site = office.site else { return true }
        guard let jid = JID(localpart: localpart, domain: settings.service.domain) else { return false }
        return context.policy.isRoom(jid, pageURL: rooms[localpart]?.configuration.pageURL, of: site)
    }

    /// What a command is about when it names no room: the rooms that are open now and within the moderator's reach.
    func rooms(for step: CommandStep) -> [Room] {
        if let room = step.room { return [room] }
        return rooms.values.filter { reaches($0.localpart, step.moderator) }
    }
}

extension Room {
    /// Whether somebody moderates without being inside: admins, and those who have that role from the service itself.
    func moderatesFromOutside(_ person: JID) -> Bool {
        affiliation(of: person).isAtLeastAdmin || standing(of: person) != nil
    }
}
