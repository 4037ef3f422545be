/// How long turns of the loop take, without the time in which it waits: whatever a turn takes, everybody else waits for.
package struct LoopMeter: Sendable {
    /// Upper bounds in nanoseconds.
    package static let bounds: [UInt64] = [
        100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000, 300_000_000, 1_000_000_000,
    ]

    /// Turns up to each bound and not to the one before; the last place has those beyond all.
    package private(set) var counts = [UInt64](repeating: 0, count: LoopMeter.bounds.count + 1)
    /// Nanoseconds in all.
    package private(set) var total: UInt64 = 0

    package init() {}

    package mutating func note(_ nanoseconds: UInt64) {
        let place = Self.bounds.firstIndex { nanoseconds <= $0 } ?? Self.bounds.count
        counts[place] &+= 1
        total &+= nanoseconds
    }
}
