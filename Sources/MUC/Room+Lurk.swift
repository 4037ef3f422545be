import XMPP

/// Reading without a nick (`urn:samepage:lurk:0`, docs/xeps.md): a session that hears all that is said, and whom nobody
/// sees. The rules of who may enter are those of a join.
extension Room {
    /// Lets a session read: a stranger, one that reads already and wants to hear everything again, or one that gives up
    /// its nick.
    func lurk(_ stanza: Stanza, session: JID, now: Int64) throws(StanzaError) {
        guard stanza.to?.isBare == true else { throw .badRequest("Who only reads has no nick.") }
        let join = stanza.child("x", Namespace.muc)
        let affiliation = affiliation(of: session.bare)
        try requireNotBanned(session)
        unlockAbandoned(now: now)
        try admit(affiliation, password: join?.child("password", Namespace.muc)?.text)
        if !isReader(session) {
            try requirePlace(for: session, affiliation)
            if let occupant = occupant(of: session) {
                remove(session, of: occupant, Announcement(isAvailable: false), isReachable: true)
            }
            enter(reader: session, now: now)
        }
        welcome { tellState(toReader: session, id: stanza.id, HistoryRequest(join), now: now) }
    }

    private func requirePlace(for session: JID, _ affiliation: Affiliation) throws(StanzaError) {
        guard
            affiliation.isAtLeastAdmin || !MUCLimits.isReached(limits.readersPerRoom, by: audience.readers.count)
        else { throw StanzaError(.serviceUnavailable, .wait, "As many read this room as may.") }
        guard !MUCLimits.isReached(limits.sessionsPerOccupant, by: readers.sessions(of: session.bare).count) else {
            throw .resourceConstraint("Too many of your sessions are in this room.")
        }
    }

    /// In the order of a join (XEP-0045 §7.2): the others, that one reads, history, subject.
    private func tellState(toReader session: JID, id: String?, _ request: HistoryRequest, now: Int64) {
        share(shownOccupants(showingJIDs: false), to: [session])
        var answer = readerPresence(of: session.bare, statuses: entryStatuses)
        answer.id = id
        answer.payload.append(crowd)
        send(answer, to: session)
        catchUp(session, request, now: now)
    }

    // MARK: The way out

    /// A session reads no more.
    ///
    /// - Parameter isReachable: It is told so.
    func dismiss(reader session: JID, _ announcement: Announcement, isReachable: Bool = true) {
        exit(reader: session)
        guard isReachable else { return }
        var farewell = readerPresence(of: session.bare, announcement)
        farewell.id = announcement.id
        send(farewell, to: session)
    }

    /// All sessions of a person that only read.
    func dismiss(readersOf person: JID, _ announcement: Announcement) {
        for session in readers.sessions(of: person) { dismiss(reader: session, announcement) }
    }

    /// Everybody who only reads.
    func dismissReaders(_ announcement: Announcement, where isMeant: (JID) -> Bool = { _ in true }) {
        for person in readers.people.filter(isMeant) { dismiss(readersOf: person, announcement) }
    }

    // MARK: What a reader is sent of itself

    /// From the room's bare address, since there is no nick, and with 110.
    private func readerPresence(
        of person: JID, _ announcement: Announcement = Announcement(), statuses: [StatusCode] = []
    ) -> Stanza {
        var item = Element(
            "item", Namespace.mucUser,
            ["affiliation": affiliation(of: person).rawValue, "role": Role.none.rawValue])
        if let actor = announcement.actor { item.append(Element("actor", Namespace.mucUser, ["nick": actor])) }
        if let reason = announcement.reason { item.append(Element("reason", Namespace.mucUser, text: reason)) }
        let codes = (statuses + announcement.statuses + [.selfPresence]).sorted(by: <)
        let x = Element("x", Namespace.mucUser, [item] + codes.map(Element.status) + announcement.farewell)
        return Stanza(
            .presence, type: announcement.isAvailable ? nil : "unavailable", from: jid,
            [x, Element("lurk", Namespace.lurk)])
    }

    /// Whether a session still reads: what a self-ping (XEP-0410) is to an occupant.
    ///
    /// - Throws: `not-acceptable` when it does not.
    func lurkPing(session: JID) throws(StanzaError) -> Element {
        guard isReader(session) else { throw .notAcceptable("You do not read here.") }
        return Element("lurk", Namespace.lurk, [crowd])
    }
}
