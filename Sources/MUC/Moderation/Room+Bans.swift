import XMPP

/// Bans beyond the room's own list of outcasts.
extension Room {
    /// - Throws: `forbidden` for whoever is banned, saying why and until when (XEP-0045 §7.2.7).
    func requireNotBanned(_ session: JID) throws(StanzaError) {
        let person = session.bare
        let affiliation = affiliation(of: person)
        if affiliation == .outcast {
            if let ban = ban(of: person) {
                throw ban.refusal(asNetwork: false)
            }
            let reason = affiliations[person]?.reason
            throw .forbidden("You are banned from this room" + (reason.map { ": \($0)" } ?? "."))
        }
        // Members are known: whoever else comes from their network.
        guard !affiliation.isAtLeastMember else { return }
        let network = context.moderation.networks.network(of: session)
        if let ban = context.moderation.bans.ban(ofNetwork: network, of: person, where: counts) {
            throw ban.refusal(asNetwork: true)
        }
    }

    /// Whether a ban is about this room too.
    func counts(_ ban: Ban) -> Bool { context.counts(ban, in: localpart, pageURL: configuration.pageURL) }

    /// The ban that keeps a person out.
    func ban(of person: JID) -> Ban? { context.moderation.bans.ban(of: person, where: counts) }

    /// Who of those inside a ban is about.
    func occupants(hitBy ban: Ban) -> [Occupant] {
        guard counts(ban) else { return [] }
        return occupants.values.filter { $0.person == ban.person || isHit($0, by: ban) }
    }

    /// People who only read and whom a ban is about.
    func readers(hitBy ban: Ban) -> [JID] {
        guard counts(ban) else { return [] }
        return readers.people.filter { person in
            if person == ban.person { return true }
            guard !ban.networks.isEmpty, person != ban.actor, !affiliation(of: person).isAtLeastMember else {
                return false
            }
            return readers.sessions(of: person).contains { isHit($0, by: ban) }
        }
    }

    /// Because of where it comes from.
    private func isHit(_ occupant: Occupant, by ban: Ban) -> Bool {
        guard !ban.networks.isEmpty, occupant.person != ban.actor, !occupant.isModerator,
            !occupant.affiliation.isAtLeastMember
        else { return false }
        return occupant.sessionJIDs.contains { isHit($0, by: ban) }
    }

    private func isHit(_ session: JID, by ban: Ban) -> Bool {
        context.moderation.networks.network(of: session).map(ban.networks.contains) ?? false
    }

    /// Throws out whom a ban is about: 301 (XEP-0045 §9.1).
    func enforce(_ ban: Ban, actor: String?) {
        for occupant in occupants(hitBy: ban) {
            occupant.affiliation = .outcast
            remove(occupant, .removal(.banned, actor: actor, reason: ban.reason))
        }
        for person in readers(hitBy: ban) {
            dismiss(readersOf: person, .removal(.banned, actor: actor, reason: ban.reason))
        }
    }

    /// An admin gave somebody another affiliation by the ordinary door: the bans of the room say no more about it.
    func liftBans(of person: JID) {
        if let ban = context.moderation.bans.ban(of: person, scope: .room(localpart)) { lift(ban) }
    }

    /// The room is no more: another one of its name has to do with nobody who was banned here.
    func forgetBans() {
        for ban in context.moderation.bans.bans(of: .room(localpart)) { lift(ban) }
    }

    private func lift(_ ban: Ban) {
        context.moderation.bans.remove(ban.id)
        context.effects.append(.moderation(.lifted(ban.id)))
    }

    /// Whom the room's own bans are about.
    var bannedPeople: [JID] {
        context.moderation.bans.bans(of: .room(localpart)).map(\.person)
    }
}
