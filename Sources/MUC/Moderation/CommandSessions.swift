import XMPP

/// Commands that were begun and not ended (XEP-0050 §3.4): who gives them, and what earlier steps have left.
struct CommandSessions {
    struct Entry {
        let command: ModerationCommand
        /// A full JID.
        let session: JID
        /// The localpart of the room; nil for the whole service.
        let room: String?
        let time: Int64
        var draft: BanDraft?
    }

    private var entries: [UInt64: Entry] = [:]
    private var last: UInt64 = 0

    var count: Int { entries.count }

    /// - Throws: `resource-constraint` when too many are under way.
    mutating func begin(_ entry: Entry, _ limits: ModerationLimits) throws(StanzaError) -> String {
        let now = entry.time
        entries = entries.filter { Self.isAlive($0.value, limits, now: now) }
        let own = entries.filter { $0.value.session.bare == entry.session.bare }
        // Whoever begins over and over does not mean the first any more.
        if own.count >= limits.commandsPerPerson, let oldest = own.keys.min() {
            entries[oldest] = nil
        }
        guard entries.count < limits.commands else {
            throw .resourceConstraint("Too many commands are under way. Try again in a moment.")
        }
        last &+= 1
        entries[last] = entry
        return String(last)
    }

    /// The command that was begun under this id: only its own session goes on with it, in its own place.
    func entry(
        _ id: String, _ command: ModerationCommand, of session: JID, room: String?, _ limits: ModerationLimits,
        now: Int64
    ) -> Entry? {
        guard let serial = UInt64(id), let entry = entries[serial], entry.command == command, entry.session == session,
            entry.room == room,
            Self.isAlive(entry, limits, now: now)
        else { return nil }
        return entry
    }

    mutating func leave(_ draft: BanDraft?, in id: String) {
        if let serial = UInt64(id) { entries[serial]?.draft = draft }
    }

    mutating func end(_ id: String) {
        if let serial = UInt64(id) { entries[serial] = nil }
    }

    /// A clock that was set back must not keep entries for ever.
    private static func isAlive(_ entry: Entry, _ limits: ModerationLimits, now: Int64) -> Bool {
        now >= entry.time && now - entry.time < limits.commandTime
    }
}
