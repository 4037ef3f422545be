import XMPP

/// Kicking, banning, voice and affiliations (XEP-0045 §8, §9, §10).
extension Room {
    /// Changes roles and affiliations: all that a request asks for, or nothing.
    func administer(_ query: Element, session: JID, now: Int64) throws(StanzaError) {
        let actor = try requireActor(session)
        let elements = query.children.filter { $0.isNamed("item", Namespace.mucAdmin) }
        guard !elements.isEmpty, limits.adminItems <= 0 || elements.count <= limits.adminItems else {
            throw .badRequest("A request has 1 to \(limits.adminItems) items.")
        }
        var items: [AdminItem] = []
        var subjects: Set<String> = []
        var result = AffiliationLists(self)
        for element in elements {
            let item = try AdminItem(element, limits)
            guard subjects.insert(item.subject).inserted else { throw .badRequest("One item for each, please.") }
            switch item.change {
            case .role(let role, let nick): try check(role, for: nick, by: actor)
            case .affiliation(let affiliation, let person, let nick):
                try check(affiliation, for: person, by: actor)
                if let nick, !nick.isEmpty { try requireUnused(nick, by: person) }
                result.set(affiliation, of: person, nick: nick, item.reason, by: actor.person, now: now)
            }
            items.append(item)
        }
        try result.check(limits)
        for item in items {
            note(item, by: actor, now: now)
            apply(item, result, by: actor)
        }
    }

    /// Lists by role or affiliation (§9.4 and others): moderators may see who has which role, admins the affiliations.
    func list(_ query: Element, session: JID) throws(StanzaError) -> Element {
        let actor = try requireActor(session)
        guard let item = query.child("item", Namespace.mucAdmin) else { throw .badRequest("Ask for one item.") }
        var answer = Element("query", Namespace.mucAdmin)
        switch (item["role"].flatMap(Role.init), item["affiliation"].flatMap(Affiliation.init)) {
        case (let role?, nil):
            guard actor.role == .moderator else { throw .forbidden("Only moderators see this list.") }
            for occupant in occupants.values where occupant.role == role { answer.append(Self.item(occupant)) }
        case (nil, let affiliation?) where affiliation != .none:
            guard actor.affiliation.isAtLeastAdmin || maySee(affiliation, actor) else {
                throw .forbidden("Only admins and owners see this list.")
            }
            let reasons = actor.affiliation.isAtLeastAdmin
            for person in people(affiliation) {
                var item = Element(
                    "item", Namespace.mucAdmin,
                    [
                        "affiliation": affiliation.rawValue, "jid": person.description,
                        "nick": affiliations[person]?.nick,
                    ])
                if reasons, let reason = affiliations[person]?.reason {
                    item.append(Element("reason", Namespace.mucAdmin, text: reason))
                }
                answer.append(item)
            }
        default: throw .badRequest("Ask for one role or one affiliation.")
        }
        return answer
    }

    /// Who acts: an occupant, or somebody who moderates from outside.
    struct Actor {
        let person: JID
        let nick: String?
        let role: Role
        let affiliation: Affiliation
    }

    /// §9.5: members see who else is one where everybody sees real addresses anyway.
    private func maySee(_ affiliation: Affiliation, _ actor: Actor) -> Bool {
        affiliation == .member && actor.affiliation == .member && configuration.isMembersOnly
            && configuration.whois == .anyone
    }

    /// - Throws: `forbidden` for strangers.
    func requireActor(_ session: JID) throws(StanzaError) -> Actor {
        let person = session.bare
        let affiliation = affiliation(of: person)
        if let occupant = occupant(of: session) {
            return Actor(person: person, nick: occupant.nick, role: occupant.role, affiliation: affiliation)
        }
        guard moderatesFromOutside(person) else { throw .forbidden("This is for moderators.") }
        return Actor(
            person: person, nick: context.policy.office(of: person)?.nick, role: .moderator, affiliation: affiliation)
    }

    private static let equal = StanzaError.notAllowed("That occupant ranks as high as you.")

    /// §8.2 to §8.4, §9.6, §9.7: moderators act on participants and visitors, admins on moderators too, owners on
    /// admins too; nobody on equals or betters.
    func check(_ role: Role, for nick: String, by actor: Actor) throws(StanzaError) {
        guard actor.role == .moderator else { throw .forbidden("This is for moderators.") }
        guard let target = occupants[nick] else { throw .itemNotFound("Nobody here has that nick.") }
        if target.affiliation.isAtLeastAdmin {
            guard actor.affiliation > target.affiliation else { throw Self.equal }
            // §9.7: the role comes with the affiliation; a kick only interrupts it.
            guard role == .none || role == .moderator else {
                throw .notAllowed("Take the affiliation first.")
            }
        } else if target.role == .moderator {
            guard actor.affiliation.isAtLeastAdmin else { throw Self.equal }
        }
        guard role != .moderator || actor.affiliation.isAtLeastAdmin else {
            throw .forbidden("Only admins and owners make moderators.")
        }
    }

    /// §9.1 to §9.3, §10.3 to §10.8.
    private func check(_ affiliation: Affiliation, for person: JID, by actor: Actor) throws(StanzaError) {
        guard actor.affiliation.isAtLeastAdmin else { throw .forbidden("This is for admins and owners.") }
        guard affiliation != .outcast || person != actor.person else { throw .conflict("You cannot ban yourself.") }
        let current = self.affiliation(of: person)
        // What the service itself says stands; only what the room has put above it may go. A reserved nick puts nothing.
        if let standing = standing(of: person)?.affiliation, affiliation <= standing {
            guard current > standing, affiliation != .outcast else {
                throw .notAllowed("The service itself gave that one its place here.")
            }
        }
        guard actor.affiliation == .owner || current < .admin else {
            throw .notAllowed("That affiliation is as high as yours.")
        }
        guard affiliation != .outcast || current < actor.affiliation else {
            throw .notAllowed("Nobody bans an equal.")
        }
        guard actor.affiliation == .owner || affiliation < .admin else {
            throw .forbidden("Only owners make admins and owners.")
        }
    }

    private func apply(_ item: AdminItem, _ result: AffiliationLists, by actor: Actor) {
        switch item.change {
        case .role(.none, let nick):
            guard let occupant = occupants[nick] else { return }
            let removal = Announcement.removal(.kicked, actor: actor.nick, reason: item.reason)
            remove(occupant, removal)
            // Tabs of the same person without a nick: whoever kicks means the person.
            dismiss(readersOf: occupant.person, removal)
        case .role(let role, let nick):
            guard let occupant = occupants[nick] else { return }
            occupant.isMuted = role == .visitor
            guard occupant.role != role else { return }
            setRole(role, of: occupant)
            announce(occupant, Announcement(actor: actor.nick, reason: item.reason))
        case .affiliation(let affiliation, let person, _):
            if affiliation != .outcast { liftBans(of: person) }
            setEntry(result.entries[person], of: person)
            applyAffiliation(of: person, actor: actor.nick, reason: item.reason)
        }
    }

    private func people(_ affiliation: Affiliation) -> [JID] {
        let people = peopleOfStanding
        var others = Set(affiliations.keys)
        if affiliation == .outcast { others.formUnion(bannedPeople) }
        return (people + others.subtracting(people)).filter { self.affiliation(of: $0) == affiliation }
    }

    private static func item(_ occupant: Occupant) -> Element {
        Element(
            "item", Namespace.mucAdmin,
            [
                "affiliation": occupant.affiliation.rawValue, "role": occupant.role.rawValue, "nick": occupant.nick,
                "jid": occupant.primary?.description,
            ])
    }
}

extension Announcement {
    static func removal(_ code: StatusCode, actor: String?, reason: String?) -> Self {
        Announcement(isAvailable: false, actor: actor, reason: reason, statuses: [code])
    }
}
