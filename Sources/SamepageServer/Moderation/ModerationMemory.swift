import MUC

/// What is kept of moderation: bans, and the last acts.
struct ModerationMemory: Sendable {
    private(set) var bans: [Int: Ban] = [:]
    /// Oldest first; at most `capacity`.
    private(set) var acts: [ModerationAct] = []
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Lines that it takes to keep it.
    var count: Int { bans.count + acts.count }

    /// All of it, in an order in which it can be applied.
    var records: [ModerationRecord] {
        acts.map(ModerationRecord.act) + bans.values.sorted { $0.id < $1.id }.map(ModerationRecord.ban)
    }

    mutating func apply(_ record: ModerationRecord) {
        switch record {
        case .ban(let ban): bans[ban.id] = ban
        case .lifted(let id): bans[id] = nil
        case .act(let act):
            if let index = acts.lastIndex(where: { $0.id == act.id }) {
                acts[index] = act
                return
            }
            acts.append(act)
            // In portions, so that it costs little.
            if acts.count >= 2 * capacity { acts.removeFirst(acts.count - capacity) }
        }
    }

    /// Drops what has ended.
    mutating func trim(now: Int64) {
        bans = bans.filter { $0.value.until.map { $0 > now } ?? true }
        if acts.count > capacity { acts.removeFirst(acts.count - capacity) }
    }
}
