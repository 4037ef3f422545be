import XMPP

/// Sessions whose connection the caller knows about, not the rooms.
extension MUCService {
    /// The sessions that are in a room and that `isWanted` picks.
    package func sessions(where isWanted: (JID) -> Bool) -> [JID] {
        context.memberships.sessions.filter(isWanted)
    }
}
