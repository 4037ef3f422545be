import XMPP

/// Which rooms each session is in, so that its end finds them without a search.
package struct Memberships {
    /// Localparts of rooms; a handful each (`MUCLimits.roomsPerSession`).
    private var rooms: [JID: [String]] = [:]

    package init() {}

    /// Sessions that are in any room.
    var count: Int { rooms.count }
    /// Those sessions.
    var sessions: some Collection<JID> { rooms.keys }

    package func rooms(of session: JID) -> [String] { rooms[session] ?? [] }

    package mutating func enter(_ session: JID, room: String) {
        rooms[session, default: []].append(room)
    }

    package mutating func leave(_ session: JID, room: String) {
        guard var list = rooms[session], let index = list.firstIndex(of: room) else { return }
        rooms[session] = nil
        list.swapAt(index, list.count - 1)
        list.removeLast()
        if !list.isEmpty { rooms[session] = list }
    }
}
