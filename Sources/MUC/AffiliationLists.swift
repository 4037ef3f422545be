import XMPP

/// The lists of a room as a request would leave them: looked at before anything changes.
struct AffiliationLists {
    private(set) var entries: [JID: AffiliationEntry]
    /// Who has reserved which nick.
    private var nicks: [String: JID]
    private let before: Int
    private let hadOwner: Bool
    private var hasConflict = false

    init(_ room: Room) {
        entries = room.affiliations
        nicks = room.reservedNicks
        before = entries.count
        hadOwner = Self.hasOwner(entries)
    }

    /// - Parameter nick: To be reserved; nil leaves the one that is, an empty one takes it away.
    mutating func set(
        _ affiliation: Affiliation, of person: JID, nick: String?, _ reason: String?, by actor: JID?, now: Int64
    ) {
        let old = entries[person]
        if let reserved = old?.nick { nicks[reserved] = nil }
        guard affiliation != .none else {
            entries[person] = nil
            return
        }
        var entry = AffiliationEntry(affiliation, reason: reason, actor: actor, since: now)
        if let old, old.affiliation == affiliation, reason == nil { entry = old }
        entry.nick = affiliation.isAtLeastMember ? nick ?? old?.nick : nil
        if entry.nick?.isEmpty == true { entry.nick = nil }
        if let nick = entry.nick, nicks.updateValue(person, forKey: nick) != nil { hasConflict = true }
        entries[person] = entry
    }

    /// - Throws: `resource-constraint` past the limit, `conflict` for a nick that two would have and for a room without
    ///   its last owner (XEP-0045 §10.5). A room whose owners are the service's admins has none to lose.
    func check(_ limits: MUCLimits) throws(StanzaError) {
        let maximum = limits.affiliationsPerRoom
        guard entries.count <= before || maximum <= 0 || entries.count <= maximum else {
            throw .resourceConstraint("This room has as many affiliations as it may have.")
        }
        guard !hasConflict else { throw .conflict("That nick is reserved for somebody else.") }
        guard !hadOwner || Self.hasOwner(entries) else { throw .conflict("A room needs an owner.") }
    }

    private static func hasOwner(_ entries: [JID: AffiliationEntry]) -> Bool {
        entries.values.contains { $0.affiliation == .owner }
    }
}
