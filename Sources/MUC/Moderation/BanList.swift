import XMPP

/// The bans of a service, found by person and by network.
struct BanList {
    private(set) var bans: [Int: Ban] = [:]
    private var byPerson: [JID: Set<Int>] = [:]
    private var byNetwork: [String: Set<Int>] = [:]
    private var byScope: [Ban.Scope: Set<Int>] = [:]
    /// When the next of them ends, or ends to count for networks.
    private var nextEnd = Int64.max

    var count: Int { bans.count }

    subscript(id: Int) -> Ban? { bans[id] }

    /// The ban that keeps a person out of where it counts.
    func ban(of person: JID, where counts: (Ban) -> Bool) -> Ban? {
        longest(byPerson[person], where: counts)
    }

    /// The ban that keeps those of a network out of where it counts, unless it was theirs to make.
    func ban(ofNetwork network: String?, of person: JID, where counts: (Ban) -> Bool) -> Ban? {
        guard let network else { return nil }
        return longest(byNetwork[network]) { $0.actor != person && counts($0) }
    }

    /// Oldest first.
    func bans(where counts: (Ban) -> Bool) -> [Ban] {
        bans.values.filter(counts).sorted { $0.id < $1.id }
    }

    func bans(of scope: Ban.Scope) -> [Ban] {
        (byScope[scope] ?? []).compactMap { bans[$0] }.sorted { $0.id < $1.id }
    }

    /// The same person's ban of the same scope, which a new one takes the place of.
    func ban(of person: JID, scope: Ban.Scope) -> Ban? {
        byPerson[person]?.lazy.compactMap { bans[$0] }.first { $0.scope == scope }
    }

    mutating func insert(_ ban: Ban) {
        remove(ban.id)
        bans[ban.id] = ban
        byPerson[ban.person, default: []].insert(ban.id)
        byScope[ban.scope, default: []].insert(ban.id)
        for network in ban.networks { byNetwork[network, default: []].insert(ban.id) }
        nextEnd = min(nextEnd, Self.end(of: ban))
    }

    @discardableResult mutating func remove(_ id: Int) -> Ban? {
        guard let ban = bans.removeValue(forKey: id) else { return nil }
        Self.remove(id, from: &byPerson, ban.person)
        Self.remove(id, from: &byScope, ban.scope)
        for network in ban.networks { Self.remove(id, from: &byNetwork, network) }
        return ban
    }

    /// Ends what has lasted long enough.
    mutating func expire(now: Int64) {
        guard now >= nextEnd else { return }
        nextEnd = .max
        for ban in Array(bans.values) {
            if let until = ban.until, until <= now {
                remove(ban.id)
            } else if !ban.networks.isEmpty, ban.networksUntil <= now {
                var narrowed = ban
                narrowed.networks = []
                insert(narrowed)
            } else {
                nextEnd = min(nextEnd, Self.end(of: ban))
            }
        }
    }

    private func longest(_ ids: Set<Int>?, where matches: (Ban) -> Bool) -> Ban? {
        guard let ids else { return nil }
        return ids.compactMap { bans[$0] }.filter(matches).max { ($0.until ?? .max, $0.id) < ($1.until ?? .max, $1.id) }
    }

    private static func end(of ban: Ban) -> Int64 {
        min(ban.until ?? .max, ban.networks.isEmpty ? .max : ban.networksUntil)
    }

    private static func remove<Key: Hashable>(_ id: Int, from index: inout [Key: Set<Int>], _ key: Key) {
        index[key]?.remove(id)
        if index[key]?.isEmpty == true { index[key] = nil }
    }
}
