import SeededTesting
import Testing

@testable import SamepageServer

struct BackoffTests {
    @Test func delaysDoubleFromOneSecondToAMinuteWithAQuarterOfJitter() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            var backoff = Backoff()
            for nominal: Int64 in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000] {
                let delay = backoff.next(using: &generator)
                #expect((nominal * 3 / 4...nominal * 5 / 4).contains(delay))
            }
        }
    }

    @Test func twoLinksDoNotComeBackInStep() {
        var generator = SeededGenerator(seed: 2)
        var delays: Set<Int64> = []
        for _ in 0..<20 {
            var backoff = Backoff()
            delays.insert(backoff.next(using: &generator))
        }
        #expect(delays.count > 10)
    }

    @Test func afterAResetTheFirstDelayIsShortAgain() {
        var generator = SeededGenerator(seed: 3)
        var backoff = Backoff()
        for _ in 0..<10 { _ = backoff.next(using: &generator) }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= 1_250)
    }
}
