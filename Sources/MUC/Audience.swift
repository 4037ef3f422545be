import XMPP

/// The sessions in a room, in lists that are ready to be broadcast to.
struct Audience {
    private(set) var all = IndexedList<JID>()
    /// Those of moderators, who see real JIDs in a semi-anonymous room.
    private(set) var moderators = IndexedList<JID>()
    /// Everybody but moderators.
    private(set) var others = IndexedList<JID>()

    mutating func enter(_ session: JID, isModerator: Bool) {
        all.append(session)
        if isModerator { moderators.append(session) } else { others.append(session) }
    }

    mutating func leave(_ session: JID) {
        all.remove(session)
        moderators.remove(session)
        others.remove(session)
    }

    /// Follows a change of role.
    mutating func move(_ sessions: [JID], isModerator: Bool) {
        for session in sessions where all.contains(session) {
            if isModerator {
                others.remove(session)
                moderators.append(session)
            } else {
                moderators.remove(session)
                others.append(session)
            }
        }
    }
}
