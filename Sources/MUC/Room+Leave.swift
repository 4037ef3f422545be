import XMPP

/// Leaving a room (XEP-0045 §7.14), and being taken out of it.
extension Room {
    /// A session goes of its own will, perhaps with a status text.
    func leave(_ stanza: Stanza, session: JID) {
        if isReader(session) {
            return dismiss(reader: session, Announcement(isAvailable: false, id: stanza.id))
        }
        guard let occupant = occupant(of: session) else { return }
        // Leaving never fails: a payload that is too large stays behind.
        let farewell = (try? occupantPresence(stanza)) ?? []
        let announcement = Announcement(isAvailable: false, farewell: farewell, id: stanza.id)
        remove(session, of: occupant, announcement, isReachable: true)
    }

    /// A session is gone.
    ///
    /// - Parameter isReachable: Its own copy of the presence may still arrive.
    func drop(_ session: JID, status: StatusCode?, isReachable: Bool) {
        let statuses = status.map { [$0] } ?? []
        if isReader(session) {
            return dismiss(
                reader: session, Announcement(isAvailable: false, statuses: statuses), isReachable: isReachable)
        }
        guard let occupant = occupant(of: session) else { return }
        remove(session, of: occupant, Announcement(isAvailable: false, statuses: statuses), isReachable: isReachable)
    }

    /// Takes out an occupant with all its sessions: kicked, banned, no longer a member.
    func remove(_ occupant: Occupant, _ announcement: Announcement) {
        exit(occupant)
        announce(occupant, announcement)
    }

    /// The service ends: everybody is told so, and nobody is told about the others.
    func shutDown() {
        let announcement = Announcement(isAvailable: false, statuses: [.shutdown])
        for occupant in occupants.values {
            exit(occupant)
            broadcast(ownPresence(of: occupant, announcement), to: occupant.sessionJIDs)
        }
        dismissReaders(announcement)
    }

    func remove(_ session: JID, of occupant: Occupant, _ announcement: Announcement, isReachable: Bool) {
        let own = isReachable ? [session] : []
        guard occupant.sessions.count > 1 else {
            exit(occupant)
            return announce(occupant, announcement, own: own)
        }
        let wasPrimary = occupant.primary == session
        let shown = occupant.presence
        broadcast(ownPresence(of: occupant, announcement, session: session), to: own)
        exit(session, of: occupant)
        guard wasPrimary else { return }
        // Somebody else speaks for the occupant now: news for those who see JIDs, and for all when it says something else.
        if occupant.presence == shown {
            announceToWatchers(occupant, Announcement())
        } else {
            announce(occupant, Announcement())
        }
    }
}
