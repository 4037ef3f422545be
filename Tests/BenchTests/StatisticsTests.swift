import Glibc
import Testing

@testable import Bench

@Suite struct StatisticsTests {
    @Test func theMedianIsTheMiddleOne() {
        #expect(Statistics.median([3, 1, 2]) == 2)
        #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
        #expect(Statistics.median([]) == nil)
    }

    @Test func theSpreadIsAShareOfTheMedian() {
        #expect(Statistics.spread([9, 10, 12]) == 0.3)
        #expect(Statistics.spread([]) == 0)
    }

    @Test func randomIntervalsHaveTheMeanOfTheirRate() {
        var random = SplitMix(seed: 1)
        let count = 20_000
        let total = (0..<count).reduce(0.0) { sum, _ in sum + Double(random.interval(perSecond: 1000)) }
        #expect(abs(total / Double(count) - 1_000_000) < 30_000)
    }

    @Test func privateMemoryIsWhatIsCounted() throws {
        let text =
            "55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss:  9000 kB\nPrivate_Clean:  16 kB\nPrivate_Dirty: 1008 kB\n"
        #expect(try Usage.memory(text) == 1024 * 1024)
        #expect(throws: BenchFailure.self) { try Usage.memory("Rss: 1 kB\n") }
    }

    @Test func theClockOfAProcessGoesOnWhileItWorks() throws {
        let before = try Usage.cpu(of: getpid())
        let start = try #require(Clock.read(CLOCK_THREAD_CPUTIME_ID))
        while let now = Clock.read(CLOCK_THREAD_CPUTIME_ID), now - start < 2_000_000 {}
        #expect(try Usage.cpu(of: getpid()) - before >= 2_000_000)
        // One more than any process may be.
        #expect(throws: BenchFailure.self) { try Usage.cpu(of: 4_194_305) }
    }
}
