import Foundation
import Testing

/// Random histories of a bad network against an exactly-once oracle (`BOSHHistory`).
///
///     BOSH_HISTORIES=100000 swift test --filter BOSHHistoryTests     that many, however long it takes
///     BOSH_SEED=1234 BOSH_HISTORIES=1 swift test …                   this one, as a failure names it
struct BOSHHistoryTests {
    /// As many histories as fit into this time, unless their number is given.
    private static let time = Duration.seconds(5)
    /// As long as this no other test has its turn.
    private static let slice = Duration.milliseconds(50)
    /// Histories are spread over this many tests that run side by side.
    private static let parts: UInt64 = 2
    /// Attempts to make a failing history smaller.
    private static let attempts = 5_000

    private static let count = number("BOSH_HISTORIES")
    private static let seed = number("BOSH_SEED") ?? UInt64.random(in: 0..<(1 << 48))

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    @Test(arguments: 0..<parts)
    func everythingArrivesOnceAndInOrder(_ part: UInt64) async {
        var spent = Duration.zero
        var played = 0
        var index = part
        while Self.count.map({ index < $0 }) ?? (spent < Self.time) {
            let start = ContinuousClock.now
            while Self.count.map({ index < $0 }) ?? true, ContinuousClock.now - start < Self.slice {
                let seed = Self.seed &+ index
                let steps = BOSHHistory.steps(seed: seed)
                if BOSHHistory.play(seed: seed, steps: steps) != nil { return report(seed, Self.smallest(seed, steps)) }
                played += 1
                index += Self.parts
            }
            spent += ContinuousClock.now - start
            // Others have deadlines, and there are no more threads than cores.
            await Task.yield()
        }
        print("BOSH histories from seed \(Self.seed), part \(part): \(played) in \(spent)")
        // A given number may be smaller than that of the parts.
        #expect(played > 0 || Self.count != nil)
    }

    private func report(_ seed: UInt64, _ steps: [UInt64]) {
        let journal = BOSHHistory.Journal()
        var history = BOSHHistory(seed: seed, journal: journal)
        let fault = history?.run(steps)
        let story = journal.lines.joined(separator: "\n  ")
        Issue.record("BOSH_SEED=\(seed) BOSH_HISTORIES=1: \(fault ?? "")\n  \(story)")
    }

    /// Leaves out steps as long as it still fails.
    private static func smallest(_ seed: UInt64, _ steps: [UInt64]) -> [UInt64] {
        var steps = steps
        var size = steps.count / 2
        var left = attempts
        while size > 0 {
            var start = 0
            while start < steps.count, left > 0 {
                left -= 1
                var fewer = steps
                fewer.removeSubrange(start..<min(start + size, steps.count))
                if BOSHHistory.play(seed: seed, steps: fewer) == nil { start += size } else { steps = fewer }
            }
            size /= 2
        }
        return steps
    }
}
