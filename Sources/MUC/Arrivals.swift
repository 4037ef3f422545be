import XMPP

/// Occupants who came in this turn of the loop and whom the others have not been told of yet.
///
/// When hundreds come at once, each of those who are here is told of all of them in one go.
struct Arrivals {
    private(set) var occupants: [Occupant] = []
    /// Sessions that came since the first of them, and how many they were told of when they did: themselves included.
    private(set) var latecomers: [JID: Int] = [:]

    var isEmpty: Bool { occupants.isEmpty }

    mutating func append(_ occupant: Occupant) {
        occupants.append(occupant)
    }

    /// A session has come, and is told of all who are here.
    mutating func enter(_ session: JID) {
        if !occupants.isEmpty { latecomers[session] = occupants.count }
    }

    mutating func leave(_ session: JID) {
        latecomers[session] = nil
    }

    /// Takes out an occupant who leaves before the others were told of it.
    ///
    /// - Returns: The sessions that know of it all the same; nil when it is none of these.
    mutating func withdraw(_ occupant: Occupant) -> [JID]? {
        guard let index = occupants.firstIndex(where: { $0 === occupant }) else { return nil }
        occupants.remove(at: index)
        let witnesses = latecomers.filter { $0.value > index }.map(\.key)
        for session in witnesses { latecomers[session]? -= 1 }
        return witnesses
    }
}
