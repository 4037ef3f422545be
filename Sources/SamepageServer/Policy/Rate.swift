/// How often something may happen, in exact thousandths per second.
package struct Rate: Hashable, Sendable {
    /// Thousandths of an event per second; nil when there is no limit.
    let thousandthsPerSecond: Int64?

    /// No limit.
    package static let unlimited = Rate(thousandthsPerSecond: nil)

    /// So many a second, 0 to `highest`; more is taken as `highest`.
    package static func perSecond(_ count: Int) -> Rate {
        Rate(thousandthsPerSecond: Int64(min(max(0, count), highest)) * 1_000)
    }

    /// Whether there is no limit.
    package var isUnlimited: Bool { thousandthsPerSecond == nil }

    /// The fastest rate that can be told from no limit: 2^40 events per second.
    package static let highest = 1 << 40

    init(thousandthsPerSecond: Int64?) {
        self.thousandthsPerSecond = thousandthsPerSecond
    }
}
