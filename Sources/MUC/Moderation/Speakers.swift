import XMPP

/// Who has spoken in a room: since when, and when last.
struct Speakers {
    private struct Entry {
        /// Nil while moderators have not let anything through.
        var known: Int64?
        var last: Int64
    }

    /// By bare JID.
    private var entries: [JID: Entry] = [:]

    var count: Int { entries.count }

    /// - Parameter isKnown: What was said reaches everybody.
    mutating func note(_ person: JID, isKnown: Bool, _ limits: ModerationLimits, now: Int64) {
        var entry = entries[person] ?? Entry(known: nil, last: now)
        entry.last = now
        if isKnown, entry.known == nil { entry.known = now }
        entries[person] = entry
        guard entries.count > max(1, limits.speakers) else { return }
        // Half of them at once, so that it costs little in the long run.
        let times = entries.values.map(\.last).sorted()
        let middle = times[times.count / 2]
        entries = entries.filter { $0.value.last > middle || $0.key == person }
    }

    /// Moderators have let somebody's message through.
    mutating func know(_ person: JID, now: Int64) {
        entries[person, default: Entry(known: nil, last: now)].known = now
    }

    func isKnown(_ person: JID) -> Bool { entries[person]?.known != nil }

    /// Whether somebody was heard before a certain time.
    func isKnown(_ person: JID, before time: Int64) -> Bool { entries[person]?.known.map { $0 < time } ?? false }

    /// Milliseconds until somebody may speak again. A clock that was set back silences nobody.
    func remaining(_ person: JID, interval: Int64, now: Int64) -> Int64 {
        guard let last = entries[person]?.last, now >= last else { return 0 }
        return max(0, interval - (now - last))
    }
}
