/// How long to wait before the next attempt: one second, doubling to a minute, a quarter more or less by chance, so that
/// many who lost the same server do not come back in step.
struct Backoff: Hashable, Sendable {
    /// Milliseconds.
    static let first: Int64 = 1_000
    static let longest: Int64 = 60_000

    private var nominal = first

    /// The next delay, in milliseconds: 75 % to 125 % of the nominal one.
    mutating func next(using generator: inout some RandomNumberGenerator) -> Int64 {
        let delay = Int64.random(in: (nominal * 3 / 4)...(nominal * 5 / 4), using: &generator)
        nominal = min(nominal * 2, Self.longest)
        return delay
    }

    /// It went well for a while.
    mutating func reset() { nominal = Self.first }
}
