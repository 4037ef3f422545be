import XMPP

/// Rooms on their way from the archive, and the stanzas that wait for each, in order.
struct RoomLoads {
    struct Waiting {
        let stanza: Stanza
        let session: JID
        let since: Int64
        let size: Int
    }

    private var entries: [String: [Waiting]] = [:]
    /// Which rooms the stanzas of a session wait for.
    private var rooms: [JID: Set<String>] = [:]
    private(set) var backlog = ArchiveBacklog()

    var count: Int { entries.count }

    func contains(_ localpart: String) -> Bool { entries[localpart] != nil }

    mutating func begin(_ localpart: String) {
        entries[localpart] = []
    }

    mutating func append(_ stanza: Stanza, from session: JID, room localpart: String, now: Int64) {
        guard entries[localpart] != nil else { return }
        let waiting = Waiting(stanza: stanza, session: session, since: now, size: stanza.footprint)
        entries[localpart]?.append(waiting)
        rooms[session, default: []].insert(localpart)
        backlog.add(waiting.size)
    }

    /// The room has come, or will not: what waited for it.
    mutating func end(_ localpart: String) -> [Waiting] {
        let waiting = entries.removeValue(forKey: localpart) ?? []
        for each in waiting { forget(each, room: localpart) }
        return waiting
    }

    /// Somebody who waits to come in does not want to any more.
    mutating func dropPresence(of session: JID, room localpart: String) {
        remove(room: localpart) { $0.session == session && $0.stanza.kind == .presence }
    }

    /// A session is gone, and with it all it waited for.
    mutating func drop(_ session: JID) {
        for localpart in rooms[session] ?? [] { remove(room: localpart) { $0.session == session } }
        rooms[session] = nil
    }

    /// Takes out what has waited since that time or longer.
    mutating func expire(since time: Int64) -> [Waiting] {
        guard backlog.count > 0 else { return [] }
        var expired: [Waiting] = []
        for localpart in Array(entries.keys) { expired += remove(room: localpart) { $0.since <= time } }
        return expired
    }

    @discardableResult
    private mutating func remove(room localpart: String, where isUnwanted: (Waiting) -> Bool) -> [Waiting] {
        let unwanted = entries[localpart]?.filter(isUnwanted) ?? []
        guard !unwanted.isEmpty else { return [] }
        entries[localpart]?.removeAll(where: isUnwanted)
        for each in unwanted { forget(each, room: localpart) }
        return unwanted
    }

    private mutating func forget(_ waiting: Waiting, room localpart: String) {
        backlog.remove(waiting.size)
        guard entries[localpart]?.contains(where: { $0.session == waiting.session }) != true else { return }
        rooms[waiting.session]?.remove(localpart)
        if rooms[waiting.session]?.isEmpty == true { rooms[waiting.session] = nil }
    }
}
