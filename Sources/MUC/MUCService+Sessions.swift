import XMPP

/// Sessions whose connection the caller knows about, not the rooms.
extension MUCService {
    /// The sessions that are in a room and that `isWanted` picks.
    package func sessions(where isWanted: (JID) -> Bool) -> [JID] {
        context.memberships.sessions.filter(isWanted)
    }

    /// Whether `endTurn()` has anything to tell.
    package var hasArrivals: Bool { !context.crowdedRooms.isEmpty }

    /// Tells occupants of those who came in this turn of the loop. To be called at its end.
    package func endTurn() -> [MUCEffect] {
        let rooms = context.crowdedRooms
        context.crowdedRooms = []
        for room in rooms { room.tellArrivals() }
        return context.takeEffects()
    }

    /// Tells those who want to know how many are in their rooms, where that has changed since the last time, and shows
    /// occupants who were hidden while there were too many. To be called every few seconds.
    package func tellCrowds() -> [MUCEffect] {
        let localparts = context.changedCrowds
        context.changedCrowds = []
        for localpart in localparts {
            guard let room = rooms[localpart], !room.isEmpty else { continue }
            if !room.tellCrowd() { context.changedCrowds.insert(localpart) }
        }
        return context.takeEffects()
    }
}
