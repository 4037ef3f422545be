/// Which tokens are worth nothing although they are well signed and have not expired.
///
/// Revoking concerns all tokens that an identity was issued so far. An entry is dropped when those have expired, or when
/// there are too many entries; either way nothing that it stood for may come to life again, whatever becomes of the
/// configured lifetime: dropping an entry moves the `horizon`, and no token of anybody counts that was issued up to then.
/// So a full table costs some visitors their identity, and gives nobody one that was revoked.
struct Revocations: Sendable {
    struct Entry: Hashable, Sendable {
        let identity: String
        /// Tokens issued up to then are revoked: milliseconds since 1970.
        let time: Int64
    }

    /// Tokens issued up to then are refused, whosever they are: milliseconds since 1970.
    private(set) var horizon: Int64
    private var times: [String: Int64] = [:]
    /// Oldest first. Entries that a later one of the same identity replaced stay until they are the oldest.
    private var order: [Entry] = []
    /// How many of `order` are gone already.
    private var gone = 0
    private let capacity: Int

    init(capacity: Int, horizon: Int64 = 0, entries: [Entry] = []) {
        self.capacity = max(1, capacity)
        self.horizon = horizon
        for entry in entries.sorted(by: { $0.time < $1.time }) { insert(entry) }
    }

    var count: Int { times.count }

    /// What has to be kept, oldest first.
    var entries: [Entry] { order[gone...].filter { times[$0.identity] == $0.time } }

    func isRevoked(_ identity: String, issued: Int64) -> Bool { issued <= latest(for: identity) }

    /// A new token of this identity has to be issued later than this.
    func latest(for identity: String) -> Int64 { max(horizon, times[identity] ?? horizon) }

    /// Revokes everything that the identity was issued up to now. Never before an earlier revocation, even when the
    /// clock was set back: `order` is by time.
    mutating func revoke(_ identity: String, now: Int64) -> Entry {
        let entry = Entry(identity: identity, time: max(now, order.last?.time ?? 0))
        insert(entry)
        return entry
    }

    /// Drops what concerns only tokens that have expired: those issued up to this time have.
    mutating func expire(issuedUpTo time: Int64) {
        while let oldest, oldest.time <= time { dropOldest() }
    }

    private mutating func insert(_ entry: Entry) {
        times[entry.identity] = entry.time
        order.append(entry)
        while times.count > capacity { dropOldest() }
        // Whoever revokes over and over has one entry.
        if order.count - gone > 2 * times.count + Self.slack {
            order = entries
            gone = 0
        }
    }

    private static let slack = 64

    private var oldest: Entry? { gone < order.count ? order[gone] : nil }

    private mutating func dropOldest() {
        guard let oldest else { return }
        gone += 1
        if times[oldest.identity] == oldest.time {
            times[oldest.identity] = nil
            horizon = max(horizon, oldest.time)
        }
        if gone > order.count / 2 {
            order.removeFirst(gone)
            gone = 0
        }
    }
}
