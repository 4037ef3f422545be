import XMPP

/// Messages that moderators look at before others do, oldest first.
struct HeldMessages {
    struct Entry {
        let id: Int
        /// As it came.
        let stanza: Stanza
        /// Who may have left since.
        let author: Occupant
        let time: Int64
        let size: Int
    }

    private(set) var entries: [Entry] = []
    private var size = 0

    /// - Throws: `policy-violation` for whoever has several waiting, `resource-constraint` when too many wait.
    func check(_ author: Occupant, _ stanza: Stanza, _ limits: ModerationLimits) throws(StanzaError) {
        guard entries.count(where: { $0.author.person == author.person }) < limits.heldPerPerson else {
            throw .policyViolation("Your messages wait for a moderator. Say no more until they have been seen.")
        }
        guard entries.count < limits.held, size + stanza.footprint <= limits.heldSize else {
            throw .resourceConstraint("Too many messages wait for a moderator.")
        }
    }

    mutating func append(_ id: Int, _ stanza: Stanza, by author: Occupant, now: Int64) {
        let entry = Entry(id: id, stanza: stanza, author: author, time: now, size: stanza.footprint)
        entries.append(entry)
        size += entry.size
    }

    mutating func take(_ id: Int) -> Entry? {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return nil }
        let entry = entries.remove(at: index)
        size -= entry.size
        return entry
    }

    /// Takes out those that nobody has looked at for too long.
    mutating func takeExpired(_ limits: ModerationLimits, now: Int64) -> [Entry] {
        let expired = entries.filter { now - $0.time >= limits.holdTime }
        return expired.compactMap { take($0.id) }
    }
}
