import XMPP

/// Who reads a room without a nick: people, with the sessions of each.
struct Readers {
    /// By bare JID; a handful each (`MUCLimits.sessionsPerOccupant`).
    private var sessions: [JID: [JID]] = [:]

    /// People; the tabs of one count once.
    var count: Int { sessions.count }
    var isEmpty: Bool { sessions.isEmpty }
    var people: some Collection<JID> { sessions.keys }

    func sessions(of person: JID) -> [JID] { sessions[person] ?? [] }

    mutating func enter(_ session: JID) {
        sessions[session.bare, default: []].append(session)
    }

    mutating func leave(_ session: JID) {
        let person = session.bare
        sessions[person]?.removeAll { $0 == session }
        if sessions[person]?.isEmpty == true { sessions[person] = nil }
    }
}
