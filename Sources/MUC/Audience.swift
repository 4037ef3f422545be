import XMPP

/// The sessions in a room, in lists that are ready to be broadcast to.
struct Audience {
    /// What a session gets to know of others.
    enum Place {
        /// Sees real JIDs.
        case moderator
        /// Sees them where everybody inside does.
        case participant
        /// Never sees them: it reads, and has no nick.
        case reader
    }

    private(set) var all = IndexedList<JID>()
    private(set) var moderators = IndexedList<JID>()
    /// Occupants who are no moderators.
    private(set) var participants = IndexedList<JID>()
    private(set) var readers = IndexedList<JID>()
    /// Occupants whose clients want to know how many are here; those of readers always do.
    private(set) var counting = IndexedList<JID>()

    mutating func enter(_ session: JID, as place: Place) {
        all.append(session)
        switch place {
        case .moderator: moderators.append(session)
        case .participant: participants.append(session)
        case .reader: readers.append(session)
        }
    }

    mutating func leave(_ session: JID) {
        all.remove(session)
        moderators.remove(session)
        participants.remove(session)
        readers.remove(session)
        counting.remove(session)
    }

    mutating func count(for session: JID) {
        if all.contains(session) { counting.append(session) }
    }

    /// Follows a change of role.
    mutating func move(_ sessions: [JID], isModerator: Bool) {
        for session in sessions where all.contains(session) {
            if isModerator {
                participants.remove(session)
                moderators.append(session)
            } else {
                moderators.remove(session)
                participants.append(session)
            }
        }
    }
}
