/// What a BOSH session may ask for (XEP-0124 §7). Times in milliseconds.
package struct BOSHLimits: Hashable, Sendable {
    /// Longest time that a request is held.
    package var wait: Int64 = 60_000
    /// Requests held at a time, at most.
    package var hold = 1
    /// Silence between requests after which the session ends (§10).
    package var inactivity: Int64 = 60_000
    /// Longest pause a client may ask for (§8).
    package var maxPause: Int64 = 120_000
    /// Shortest time between two empty requests of a client that polls (§11).
    package var polling: Int64 = 5_000
    /// Bytes that may wait for the client's next request.
    package var queue = 1_024 * 1_024

    package init() {}
}
