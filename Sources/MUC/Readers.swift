import XMPP

/// Who reads a room without a nick: people, with the sessions of each.
struct Readers {
    /// By bare JID; a handful each (`MUCLimits.sessionsPerOccupant`).
    private var sessions: [JID: [JID]] = [:]
    /// When each of these people came, in milliseconds since 1970.
    private var times: [JID: Int64] = [:]

    /// People; the tabs of one count once.
    var count: Int { sessions.count }
    var isEmpty: Bool { sessions.isEmpty }
    var people: some Collection<JID> { sessions.keys }

    func sessions(of person: JID) -> [JID] { sessions[person] ?? [] }

    /// Since when somebody has read; nil for who does not.
    func since(_ person: JID) -> Int64? { times[person] }

    mutating func enter(_ session: JID, now: Int64) {
        sessions[session.bare, default: []].append(session)
        if times[session.bare] == nil { times[session.bare] = now }
    }

    mutating func leave(_ session: JID) {
        let person = session.bare
        sessions[person]?.removeAll { $0 == session }
        guard sessions[person]?.isEmpty == true else { return }
        sessions[person] = nil
        times[person] = nil
    }
}
