/// Limits what one client address may hold and open: sessions at once, and new sessions in a window of time.
///
/// Addresses are counted by `ClientAddress.key`: IPv6 by /64. The table is bounded by `Limits.trackedAddresses`; an
/// address is forgotten when it holds no session and its window is over.
package struct AddressLimiter: Sendable {
    /// What became of a request for a session.
    package enum Decision: Hashable, Sendable {
        /// Counted; `release` must follow when the session ends.
        case admitted
        /// The address holds `Limits.sessionsPerAddress` sessions.
        case tooManySessions
        /// The address opened `Limits.newSessionsPerAddress` sessions in the window; it ends in so many milliseconds.
        case tooFast(retryAfter: Int64)
        /// So many other addresses are being counted that this one cannot be.
        case tableFull
    }

    private struct Entry {
        var sessions: Int
        var opened: Int
        var windowStart: Int64
    }

    private let sessionsPerAddress: Int
    private let newSessionsPerAddress: Int
    private let window: Int64
    private let capacity: Int
    private var entries: [ClientAddress.Key: Entry] = [:]
    private var nextSweep: Int64 = .min

    /// Takes its bounds from the limits.
    package init(limits: Limits) {
        sessionsPerAddress = limits.sessionsPerAddress
        newSessionsPerAddress = limits.newSessionsPerAddress
        window = max(1, limits.newSessionsWindow.milliseconds)
        capacity = max(1, limits.trackedAddresses)
    }

    /// How many addresses are counted right now.
    package var count: Int { entries.count }

    /// How many sessions the address holds.
    package func sessions(of address: ClientAddress) -> Int {
        entries[address.key]?.sessions ?? 0
    }

    /// Asks for one more session. Only admitted ones count, so that a refused client is not locked out for ever.
    package mutating func admit(_ address: ClientAddress, now: Int64) -> Decision {
        let key = address.key
        guard var entry = entries[key] else { return insert(key, now: now) }
        if isOver(entry, now) {
            entry.opened = 0
            entry.windowStart = now
        }
        guard entry.sessions < sessionsPerAddress else { return .tooManySessions }
        guard entry.opened < newSessionsPerAddress else {
            return .tooFast(retryAfter: window - elapsed(since: entry.windowStart, now))
        }
        entry.sessions += 1
        entry.opened += 1
        entries[key] = entry
        return .admitted
    }

    /// Gives an admitted session back. One that was never admitted changes nothing.
    package mutating func release(_ address: ClientAddress, now: Int64) {
        let key = address.key
        guard var entry = entries[key], entry.sessions > 0 else { return }
        entry.sessions -= 1
        entries[key] = entry.sessions == 0 && isOver(entry, now) ? nil : entry
    }

    /// Forgets addresses that hold no session and whose window is over. Called now and then; costs one pass.
    package mutating func expire(now: Int64) {
        entries = entries.filter { $0.value.sessions > 0 || !isOver($0.value, now) }
    }

    private mutating func insert(_ key: ClientAddress.Key, now: Int64) -> Decision {
        if entries.count >= capacity {
            // At most one pass per second, or a flood of addresses would buy a pass each.
            guard now >= nextSweep else { return .tableFull }
            nextSweep = now.addingReportingOverflow(1_000).partialValue
            expire(now: now)
            guard entries.count < capacity else { return .tableFull }
        }
        guard sessionsPerAddress > 0 else { return .tooManySessions }
        guard newSessionsPerAddress > 0 else { return .tooFast(retryAfter: window) }
        entries[key] = Entry(sessions: 1, opened: 1, windowStart: now)
        return .admitted
    }

    private func isOver(_ entry: Entry, _ now: Int64) -> Bool {
        elapsed(since: entry.windowStart, now) >= window
    }

    private func elapsed(since start: Int64, _ now: Int64) -> Int64 {
        let (difference, overflow) = now.subtractingReportingOverflow(start)
        return overflow ? .max : max(0, difference)
    }
}
