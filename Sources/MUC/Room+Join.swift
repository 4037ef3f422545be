import XMPP

/// Entering a room (XEP-0045 §7.2).
extension Room {
    /// Lets a session in that is not in the room yet.
    ///
    /// - Parameter isNew: The room was made for this.
    func join(_ stanza: Stanza, session: JID, isNew: Bool, now: Int64) throws(StanzaError) {
        let requested = stanza.to?.resource
        let nick = try NickRules.prepare(requested, maximumLength: limits.nickLength)
        try NickRules.requirePortable(nick, limits)
        let presence = try occupantPresence(stanza)
        let affiliation = affiliation(of: session.bare)
        try requireNotBanned(session)
        unlockAbandoned(now: now)
        try admit(affiliation, password: stanza.child("x", Namespace.muc)?.child("password", Namespace.muc)?.text)

        var statuses: [StatusCode] = []
        if isNew { statuses.append(.roomCreated) }
        if nick != requested { statuses.append(.nickAssigned) }
        let newcomer = Occupant.Session(jid: session, presence: presence)
        let occupant: Occupant
        if let present = occupants[nick] {
            occupant = try share(present, with: newcomer)
        } else {
            occupant = try makeOccupant(newcomer, nick: nick, affiliation: affiliation)
            occupant.since = readers.since(session.bare) ?? now
            if isReader(session) { exit(reader: session) }
            arrive(occupant)
        }
        if stanza.child("count", Namespace.lurk) != nil { count(for: session) }
        // Somebody else has been let in: too late to lock the room.
        if affiliation != .owner, case .fresh = opening { opening = .open }
        let own = Announcement(ownStatuses: statuses, id: stanza.id)
        let request = HistoryRequest(stanza.child("x", Namespace.muc))
        welcome { tellState(to: session, of: occupant, own, request, now: now) }
    }

    /// §7.2.5 to §7.2.8: who may enter at all.
    func admit(_ affiliation: Affiliation, password: String?) throws(StanzaError) {
        guard !isLocked || affiliation == .owner else { throw .itemNotFound("This room is not open yet.") }
        guard affiliation != .outcast else { throw .forbidden("You are banned from this room.") }
        guard !configuration.isMembersOnly || affiliation.isAtLeastMember else {
            throw StanzaError(.registrationRequired, nil, "This room is for members.")
        }
        guard configuration.password.isEmpty || password == configuration.password else {
            throw .notAuthorized("This room needs its password.")
        }
    }

    /// Another session of somebody who is here already: the others do not notice.
    private func share(_ occupant: Occupant, with session: Occupant.Session) throws(StanzaError) -> Occupant {
        guard occupant.person == session.jid.bare else { throw .conflict("Somebody here has that nick.") }
        guard !MUCLimits.isReached(limits.sessionsPerOccupant, by: occupant.sessions.count) else {
            throw .resourceConstraint("Too many of your sessions are in this room.")
        }
        if isReader(session.jid) { exit(reader: session.jid) }
        enter(session, of: occupant)
        return occupant
    }

    private func makeOccupant(
        _ session: Occupant.Session, nick: String, affiliation: Affiliation
    ) throws(StanzaError) -> Occupant {
        // §7.2.9: a full room still has a place for those who look after it.
        guard affiliation.isAtLeastAdmin || !isFull else {
            throw StanzaError(.serviceUnavailable, .wait, "The room is full.")
        }
        let address = try address(of: nick)
        let person = session.jid.bare
        try requireUnreserved(nick, by: person)
        return Occupant(
            person: person, occupantID: context.policy.occupantID(of: person, in: jid), nick: nick, address: address,
            affiliation: affiliation, role: initialRole(of: person, affiliation),
            hats: context.policy.hats(of: person, in: jid, pageURL: configuration.pageURL), session: session)
    }

    private var isFull: Bool {
        MUCLimits.isReached(limits.occupantsPerRoom, by: occupants.count)
            || MUCLimits.isReached(configuration.maximumOccupants ?? 0, by: occupants.count)
    }

    /// Everything a session needs to know, in the order of §7.2: the others, itself, history, subject.
    func tellState(
        to session: JID, of occupant: Occupant, _ own: Announcement, _ request: HistoryRequest, now: Int64
    ) {
        let showsJIDs = occupant.isModerator || configuration.whois == .anyone
        share(shownOccupants(showingJIDs: showsJIDs, except: occupant), to: [session])
        var own = own
        own.ownStatuses += entryStatuses
        if audience.counting.contains(session) { own.ownPayload.append(crowd) }
        send(ownPresence(of: occupant, own, session: session), to: session)
        catchUp(session, request, now: now)
    }

    /// What whoever enters is told about the room (§7.2.4, §7.2.12).
    var entryStatuses: [StatusCode] {
        (configuration.whois == .anyone ? [.nonAnonymous] : []) + (configuration.isLogged ? [.logged] : [])
    }

    /// History and subject.
    func catchUp(_ session: JID, _ request: HistoryRequest, now: Int64) {
        var request = request
        if let most = configuration.historyLength { request.maxStanzas = min(most, request.maxStanzas ?? .max) }
        say(.catchUp(Outbox.CatchUp(session: session, request: request, time: now)))
    }

    /// - Throws: `jid-malformed` when no address can be made of the nick.
    func address(of nick: String) throws(StanzaError) -> JID {
        guard let address = jid.with(resource: nick) else { throw .jidMalformed("That nick makes no address.") }
        return address
    }
}
