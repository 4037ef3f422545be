import XMPP

/// Presence with the `muc#user` extension (XEP-0045 §7.2.3, §7.2.4).
extension Room {
    /// Tells everybody about an occupant: those who may see real JIDs, those who may not, and the occupant itself.
    ///
    /// - Parameter own: The sessions that get the occupant's own copy; they need not be in the room any more.
    func announce(_ occupant: Occupant, _ announcement: Announcement, own: [JID]? = nil) {
        let own = own ?? occupant.sessionJIDs
        switch configuration.whois {
        case .anyone:
            broadcast(presence(of: occupant, announcement, showsJID: true), to: audience.all.without(own))
        case .moderators:
            broadcast(presence(of: occupant, announcement, showsJID: false), to: audience.others.without(own))
            announceToWatchers(occupant, announcement, except: own)
        }
        broadcast(ownPresence(of: occupant, announcement), to: own)
    }

    /// Tells only those who see the occupant's real JID.
    func announceToWatchers(_ occupant: Occupant, _ announcement: Announcement, except own: [JID]) {
        let watchers = configuration.whois == .anyone ? audience.all : audience.moderators
        broadcast(presence(of: occupant, announcement, showsJID: true), to: watchers.without(own))
    }

    /// The presence that others get.
    func presence(of occupant: Occupant, _ announcement: Announcement, showsJID: Bool) -> Stanza {
        stanza(of: occupant, announcement, jid: showsJID ? occupant.primary : nil, statuses: announcement.statuses)
    }

    /// The occupant's own copy, with 110.
    func ownPresence(of occupant: Occupant, _ announcement: Announcement) -> Stanza {
        let statuses = announcement.statuses + announcement.ownStatuses + [.selfPresence]
        var stanza = stanza(of: occupant, announcement, jid: occupant.primary, statuses: statuses.sorted(by: <))
        stanza.id = announcement.id
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
        var payload = announcement.payload
        payload.append(occupant.occupantID)
        payload.append(Element("x", Namespace.mucUser, [item] + statuses.map(Element.status)))
        let type = announcement.isAvailable ? nil : "unavailable"
        return Stanza(.presence, type: type, from: occupant.address, payload)
    }
}
