import XMPP

/// Presence with the `muc#user` extension (XEP-0045 §7.2.3, §7.2.4).
extension Room {
    /// Tells everybody about an occupant: those who may see real JIDs, those who may not, and the occupant itself.
    ///
    /// - Parameter own: The sessions that get the occupant's own copy, which need not be in the room any more; nil for
    ///   all it has. None of its sessions gets what the others get.
    func announce(_ occupant: Occupant, _ announcement: Announcement, own: [JID]? = nil) {
        if !announcement.isAvailable, announcement.newNick == nil, let witnesses = arrivals.withdraw(occupant) {
            share([presence(of: occupant, announcement, showsJID: false)], to: witnesses.filter(isInside))
        } else if othersHear(of: occupant, announcement) {
            tellOthers(occupant, announcement)
        }
        broadcast(ownPresence(of: occupant, announcement), to: own ?? occupant.sessionJIDs)
    }

    /// Tells everybody whose presence is shown now and was not before, or the other way round.
    func showRoles() {
        let changed = occupants.values.filter { isToBeShown($0) != $0.isShown }
        let (copies, overflows) = changed.count.multipliedReportingOverflow(by: audience.all.count)
        guard !overflows, copies <= limits.presenceResync else { return }
        for occupant in changed { announce(occupant, Announcement(), own: []) }
    }

    /// Whether the others are told. An occupant of a role that is not shown disappears for them.
    private func othersHear(of occupant: Occupant, _ announcement: Announcement) -> Bool {
        guard announcement.isAvailable else { return occupant.isShown }
        let isShown = isToBeShown(occupant)
        if occupant.isShown, !isShown { tellOthers(occupant, Announcement(isAvailable: false)) }
        show(occupant, isShown)
        return isShown
    }

    /// Those who see real JIDs, those who do not, and readers, who never do.
    func tellOthers(_ occupant: Occupant, _ announcement: Announcement) {
        let sessions = occupant.sessionJIDs
        let isWatched = configuration.whois == .anyone
        let unwatching = isWatched ? [] : audience.participants.without(sessions)
        if !unwatching.isEmpty || !audience.readers.isEmpty {
            let plain = presence(of: occupant, announcement, showsJID: false)
            share([plain], to: unwatching)
            share([plain], to: audience.readers.elements)
        }
        tellWatchers(occupant, announcement)
    }

    /// Tells only those who see the occupant's real JID.
    func announceToWatchers(_ occupant: Occupant, _ announcement: Announcement) {
        if occupant.isShown { tellWatchers(occupant, announcement) }
    }

    private func tellWatchers(_ occupant: Occupant, _ announcement: Announcement) {
        let sessions = occupant.sessionJIDs
        let moderators = audience.moderators.without(sessions)
        let participants = configuration.whois == .anyone ? audience.participants.without(sessions) : []
        guard !moderators.isEmpty || !participants.isEmpty else { return }
        let full = presence(of: occupant, announcement, showsJID: true)
        share([full], to: moderators)
        share([full], to: participants)
    }

    /// The presence that others get.
    func presence(of occupant: Occupant, _ announcement: Announcement = Announcement(), showsJID: Bool) -> SharedStanza
    {
        func build() -> Stanza {
            stanza(of: occupant, announcement, jid: showsJID ? occupant.primary : nil, statuses: announcement.statuses)
        }
        return announcement.isPlain
            ? occupant.presence(showsJID: showsJID, build: build) : SharedStanza(build())
    }

    /// The occupant's own copy, with 110, and the JID of one session or the primary one.
    func ownPresence(of occupant: Occupant, _ announcement: Announcement, session: JID? = nil) -> Stanza {
        let statuses = announcement.statuses + announcement.ownStatuses + [.selfPresence]
        let jid = session ?? occupant.primary
        var stanza = stanza(of: occupant, announcement, jid: jid, statuses: statuses.sorted(by: <))
        stanza.id = announcement.id
        stanza.payload += announcement.ownPayload
        return stanza
    }

    private func stanza(
        of occupant: Occupant, _ announcement: Announcement, jid: JID?, statuses: [StatusCode]
    ) -> Stanza {
        let role = announcement.isAvailable ? occupant.role : .none
        var item = Element(
            "item", Namespace.mucUser,
            [
                "affiliation": occupant.affiliation.rawValue, "role": role.rawValue,
                "jid": jid?.description, "nick": announcement.newNick,
            ])
        if let actor = announcement.actor { item.append(Element("actor", Namespace.mucUser, ["nick": actor])) }
        if let reason = announcement.reason { item.append(Element("reason", Namespace.mucUser, text: reason)) }
        var payload = announcement.isAvailable ? occupant.presence : announcement.farewell
        if announcement.isAvailable, let hats = occupant.hats { payload.append(hats) }
        payload.append(occupant.occupantID)
        payload.append(Element("x", Namespace.mucUser, [item] + statuses.map(Element.status)))
        let type = announcement.isAvailable ? nil : "unavailable"
        return Stanza(.presence, type: type, from: occupant.address, payload)
    }
}
