import SeededTesting
import Streams

/// What the client of a history asks for.
struct HistorySettings {
    let rid: Int64
    let hold: Int
    /// Seconds.
    let wait: Int
    /// Milliseconds.
    let polling: Int64
    let acknowledges: Bool
    let usesKeys: Bool
    let limits: BOSHLimits

    var requests: Int { hold + 1 }
    var inactivity: Int64 { hold == 0 ? limits.inactivity + 2 * limits.polling : limits.inactivity }

    init(_ dice: inout SeededGenerator) {
        rid = Int64(1 + dice.roll(below: 1 << 40))
        hold = dice.pick(1, 1, 1, 1, 2, 3, 0)
        wait = dice.pick(60, 10, 1)
        polling = dice.pick(2_000, 0, 5_000)
        acknowledges = dice.pick(true, false)
        usesKeys = dice.pick(true, false, false)
        var limits = BOSHLimits()
        limits.hold = 3
        limits.polling = polling
        self.limits = limits
    }
}

/// The keys of a client, sequence after sequence (XEP-0124 §15.6).
struct HistoryKeys {
    private static let length = 6
    private let seed: Int64
    private var sequence: BOSHKeys
    private var generation = 0
    private var index = HistoryKeys.length - 1

    init(_ settings: HistorySettings) {
        seed = settings.rid
        sequence = BOSHKeys(seed: "\(settings.rid)", count: Self.length)
    }

    /// What is shown first, as `newkey`.
    var first: String { sequence.last }

    mutating func next() -> (key: String, newKey: String?) {
        index -= 1
        let key = sequence[index]
        guard index == 0 else { return (key, nil) }
        generation += 1
        sequence = BOSHKeys(seed: "\(seed).\(generation)", count: Self.length)
        index = Self.length - 1
        return (key, sequence.last)
    }
}
