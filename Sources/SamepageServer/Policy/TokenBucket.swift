/// A limit on a rate that lets short bursts pass.
///
/// The bucket begins full. Time comes in as milliseconds of any steady clock; a clock that goes backwards stands
/// still here. Counted in exact millionths of a token, so that nothing drifts however often it is asked.
package struct TokenBucket: Sendable {
    private let rate: Int64?
    private let capacity: Int64
    private var tokens: Int64
    private var updated: Int64

    /// - Parameters:
    ///   - rate: How fast tokens come back.
    ///   - burst: How many tokens there are at most: 1 to `Rate.highest`; less or more is taken as these.
    ///   - now: Milliseconds.
    package init(rate: Rate, burst: Int, now: Int64) {
        self.rate = rate.thousandthsPerSecond
        capacity = Int64(min(max(1, burst), Rate.highest)) * Self.unit
        tokens = capacity
        updated = now
    }

    /// Takes tokens if that many are there. A refusal takes nothing.
    package mutating func take(_ count: Int = 1, now: Int64) -> Bool {
        guard rate != nil else { return true }
        refill(now)
        let cost = Self.cost(count)
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// Takes tokens for something that has already happened, into debt if need be.
    ///
    /// - Returns: Milliseconds until the debt is paid: how long to stop reading from the one who made it, or 0.
    package mutating func charge(_ count: Int, now: Int64) -> Int64 {
        guard let rate else { return 0 }
        refill(now)
        // The debt is bounded by one more bucketful of what is charged at once: capped so that it cannot overflow.
        tokens = max(tokens - Self.cost(count), -Self.cost(Rate.highest))
        guard tokens < 0 else { return 0 }
        guard rate > 0 else { return .max }
        return Self.dividedUp(-tokens, by: rate)
    }

    /// Milliseconds until so many tokens are there: 0 when they are, nil when they never will be.
    package mutating func delay(for count: Int = 1, now: Int64) -> Int64? {
        guard let rate else { return 0 }
        refill(now)
        let cost = Self.cost(count)
        guard tokens < cost else { return 0 }
        guard cost <= capacity, rate > 0 else { return nil }
        return Self.dividedUp(cost - tokens, by: rate)
    }

    /// Millionths: a rate in thousandths per second times milliseconds.
    private static let unit: Int64 = 1_000_000

    private static func cost(_ count: Int) -> Int64 {
        Int64(min(max(0, count), Rate.highest)) * unit
    }

    private static func dividedUp(_ amount: Int64, by rate: Int64) -> Int64 {
        amount / rate + (amount % rate == 0 ? 0 : 1)
    }

    private mutating func refill(_ now: Int64) {
        guard let rate, rate > 0, now > updated else { return }
        let (difference, overflow) = now.subtractingReportingOverflow(updated)
        updated = now
        let elapsed = overflow ? .max : difference
        let missing = capacity - tokens
        // Compared by division: the product of a long time and a high rate would overflow.
        tokens = elapsed > missing / rate ? capacity : tokens + elapsed * rate
    }
}
