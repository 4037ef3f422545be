/// The public rooms that are in the archive and not open: what may be told of each without opening it.
struct RoomShelf {
    private var summaries: [String: RoomSummary] = [:]
    /// Rooms that were destroyed before it was known which there are; nil from then on.
    private var destroyed: Set<String>? = []

    var count: Int { summaries.count }

    subscript(localpart: String) -> RoomSummary? { summaries[localpart] }

    /// Whether there was place for it.
    mutating func put(_ summary: RoomSummary, _ localpart: String) -> Bool {
        guard summaries[localpart] != nil || summaries.count < MUCLimits.knownRooms else { return false }
        summaries[localpart] = summary
        return true
    }

    /// Takes it off; whether it was there.
    mutating func take(_ localpart: String) -> Bool { summaries.removeValue(forKey: localpart) != nil }

    mutating func noteDestroyed(_ localpart: String) {
        // Only between the start and the answer of the archive, in which nobody destroys thousands.
        if let count = destroyed?.count, count < MUCLimits.knownRooms { destroyed?.insert(localpart) }
    }

    /// Puts up what the archive has found; the localparts of what is there now.
    mutating func fill(
        _ rooms: [(localpart: String, summary: RoomSummary)], except isOpen: (String) -> Bool
    ) -> [String] {
        let gone = destroyed ?? []
        destroyed = nil
        return rooms.compactMap { room in
            guard !gone.contains(room.localpart), !isOpen(room.localpart), put(room.summary, room.localpart) else {
                return nil
            }
            return room.localpart
        }
    }
}
