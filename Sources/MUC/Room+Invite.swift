import XMPP

/// Invitations that the room passes on (XEP-0045 §7.8.2). Direct ones (XEP-0249) are messages like others.
extension Room {
    /// One or several, in one message: all are sent, or none.
    func invite(_ x: Element, _ stanza: Stanza, session: JID, now: Int64) throws(StanzaError) {
        let inviter = try requireOccupant(session)
        guard configuration.mayInvite(inviter.affiliation), inviter.role.hasVoice else {
            throw .forbidden("You may not invite others to this room.")
        }
        try requireWelcome(stanza, by: inviter)
        let requests = x.children.filter { $0.isNamed("invite", Namespace.mucUser) }
        var invited: [(person: JID, request: Element)] = []
        for request in requests {
            let person = try invitee(request, by: inviter)
            guard !invited.contains(where: { $0.person == person }) else { throw .badRequest("Invite each once.") }
            invited.append((person, request))
        }
        var lists = AffiliationLists(self)
        if configuration.isMembersOnly {
            for (person, _) in invited where !affiliation(of: person).isAtLeastMember {
                lists.set(.member, of: person, nick: nil, nil, by: inviter.person, now: now)
            }
            try lists.check(limits)
        }
        try invitations.reserve(invited.count, by: inviter.person, limits, now: now)
        for (person, request) in invited {
            invitations.add(person, by: inviter.person, now: now)
            setEntry(lists.entries[person], of: person)
            send(invitation(request, by: inviter, id: stanza.id), to: person)
        }
    }

    /// Whoever was invited says no: told to who invited them, if that one is still here, and to nobody else.
    func decline(_ request: Element, _ stanza: Stanza, session: JID, now: Int64) throws(StanzaError) {
        guard let inviter = invitations.decline(by: session.bare, now: now) else {
            throw .itemNotFound("Nobody has invited you.")
        }
        var decline = Element("decline", Namespace.mucUser, ["from": session.bare.description])
        append(request.child("reason", Namespace.mucUser), to: &decline)
        let message = Stanza(.message, id: stanza.id, from: jid, [Element("x", Namespace.mucUser, [decline])])
        for occupant in occupants.values where occupant.person == inviter {
            broadcast(message, to: occupant.sessionJIDs)
        }
    }

    private func invitee(_ request: Element, by inviter: Occupant) throws(StanzaError) -> JID {
        guard let person = request["to"].flatMap({ JID($0) })?.bare, !person.isDomain else {
            throw .jidMalformed("Whom? That is nobody's JID.")
        }
        guard person.domain != context.settings.service.domain else {
            throw .itemNotFound("A room cannot be invited.")
        }
        guard affiliation(of: person) != .outcast else { throw .notAllowed("That one is banned from this room.") }
        try context.policy.admitInvitation(of: person, by: inviter.person, affiliation: inviter.affiliation)
        return person
    }

    /// Who invites is for the room to say, and by the occupant's address: a semi-anonymous room gives no other away.
    private func invitation(_ request: Element, by inviter: Occupant, id: String?) -> Stanza {
        var invite = Element("invite", Namespace.mucUser, ["from": inviter.address.description])
        append(request.child("reason", Namespace.mucUser), to: &invite)
        if let thread = request.child("continue", Namespace.mucUser)?["thread"] {
            let id = thread.prefix(bytes: limits.reasonLength)
            invite.append(Element("continue", Namespace.mucUser, ["thread": id]))
        }
        var x = Element("x", Namespace.mucUser, [invite])
        if !configuration.password.isEmpty {
            x.append(Element("password", Namespace.mucUser, text: configuration.password))
        }
        return Stanza(.message, id: id, from: jid, [x])
    }

    private func append(_ reason: Element?, to element: inout Element) {
        guard let text = reason?.text, !text.isEmpty else { return }
        element.append(Element("reason", Namespace.mucUser, text: text.prefix(bytes: limits.reasonLength)))
    }
}
