import Testing

@testable import SamepageServer

struct TokenBucketTests {
    @Test func aBurstPassesAndThenTheRateCounts() {
        var bucket = TokenBucket(rate: .perSecond(2), burst: 10, now: 0)
        for _ in 0..<10 { expectEqual(bucket.take(now: 0), true) }
        expectEqual(bucket.take(now: 0), false)
        expectEqual(bucket.delay(now: 0), 500)
        expectEqual(bucket.take(now: 499), false)
        expectEqual(bucket.take(now: 500), true)
        expectEqual(bucket.take(now: 999), false)
        expectEqual(bucket.take(now: 1_000), true)
    }

    @Test func askingOftenDoesNotDrift() {
        // 3 a second, asked every millisecond for 100 s: exactly 300 and the first one.
        var bucket = TokenBucket(rate: .perSecond(3), burst: 1, now: 0)
        var taken = 0
        for now in 0...Int64(100_000) where bucket.take(now: now) { taken += 1 }
        #expect(taken == 300)
        var slow = TokenBucket(rate: Rate(thousandthsPerSecond: 1), burst: 1, now: 0)
        expectEqual(slow.take(now: 0), true)
        expectEqual(slow.delay(now: 0), 1_000_000)
        expectEqual(slow.take(now: 999_999), false)
        expectEqual(slow.take(now: 1_000_000), true)
    }

    @Test func aRefusalTakesNothing() {
        var bucket = TokenBucket(rate: .perSecond(1), burst: 5, now: 0)
        expectEqual(bucket.take(6, now: 0), false)
        expectEqual(bucket.take(5, now: 0), true)
        expectEqual(bucket.delay(for: 6, now: 0), nil)
    }

    @Test func aClockThatGoesBackwardsStandsStill() {
        var bucket = TokenBucket(rate: .perSecond(1), burst: 1, now: 1_000)
        expectEqual(bucket.take(now: 1_000), true)
        expectEqual(bucket.take(now: 0), false)
        expectEqual(bucket.take(now: 1_999), false)
        expectEqual(bucket.take(now: 2_000), true)
    }

    @Test func aChargeGoesIntoDebtAndSaysHowLongToWait() {
        var bucket = TokenBucket(rate: .perSecond(1_000), burst: 500, now: 0)
        expectEqual(bucket.charge(500, now: 0), 0)
        expectEqual(bucket.charge(250, now: 0), 250)
        expectEqual(bucket.charge(0, now: 200), 50)
        expectEqual(bucket.charge(0, now: 250), 0)
        expectEqual(bucket.take(now: 250), false)
    }

    @Test func unlimitedNeverRefuses() {
        var bucket = TokenBucket(rate: .unlimited, burst: 1, now: 0)
        #expect((0..<1_000).allSatisfy { _ in bucket.take(.max, now: 0) })
        expectEqual(bucket.charge(.max, now: 0), 0)
        expectEqual(bucket.delay(now: 0), 0)
    }

    @Test func aRateOfNothingNeverRefills() {
        var bucket = TokenBucket(rate: .perSecond(0), burst: 1, now: 0)
        expectEqual(bucket.take(now: 0), true)
        expectEqual(bucket.take(now: .max), false)
        expectEqual(bucket.delay(now: .max), nil)
        expectEqual(bucket.charge(1, now: .max), .max)
    }

    @Test func extremesDoNotOverflow() {
        let extremes: [Int] = [.min, -1, 0, 1, Rate.highest, .max]
        let times: [Int64] = [.min, -1, 0, 1, .max]
        for rate in extremes {
            for burst in extremes {
                var bucket = TokenBucket(rate: .perSecond(rate), burst: burst, now: .min)
                for now in times {
                    for count in extremes {
                        _ = bucket.take(count, now: now)
                        _ = bucket.delay(for: count, now: now)
                        _ = bucket.charge(count, now: now)
                    }
                }
            }
        }
    }
}
