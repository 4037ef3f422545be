import DequeModule

/// The empty rooms that are kept, in the order in which they became empty.
///
/// A room that fills up again leaves a stale entry behind, which the search for the longest idle one drops; when stale
/// entries are more than the others, all are dropped at once. So every operation is O(1) in the long run.
package struct IdleRooms {
    private struct Entry {
        let localpart: String
        let turn: UInt64
    }

    private var queue: Deque<Entry> = []
    /// When each room became empty, as a count of such events.
    private var turns: [String: UInt64] = [:]
    private var lastTurn: UInt64 = 0

    package init() {}

    package var count: Int { turns.count }
    /// Entries held, stale ones too.
    var queuedCount: Int { queue.count }

    package func contains(_ localpart: String) -> Bool { turns[localpart] != nil }

    package mutating func insert(_ localpart: String) {
        guard turns[localpart] == nil else { return }
        lastTurn &+= 1
        turns[localpart] = lastTurn
        queue.append(Entry(localpart: localpart, turn: lastTurn))
        if queue.count > 2 * turns.count + 16 { queue.removeAll { turns[$0.localpart] != $0.turn } }
    }

    package mutating func remove(_ localpart: String) {
        turns[localpart] = nil
    }

    /// Takes out the room that has been empty longest.
    package mutating func popLongestIdle() -> String? {
        while let entry = queue.popFirst() {
            guard turns[entry.localpart] == entry.turn else { continue }
            turns[entry.localpart] = nil
            return entry.localpart
        }
        return nil
    }
}
