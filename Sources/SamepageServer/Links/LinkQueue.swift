import XMPP

/// Stanzas that wait for a link, bounded in bytes.
struct LinkQueue {
    struct Entry {
        let stanza: StanzaBytes
        let recipient: JID
        /// For the bounce; nil when nobody is to be told.
        let head: Stanza?
    }

    /// What an entry takes besides its bytes, roughly.
    private static let overhead = 200

    private(set) var entries: [Entry] = []
    private var count = 0
    /// Bytes.
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether the entry found room.
    mutating func append(_ entry: Entry) -> Bool {
        let size = entry.stanza.count(to: .init(entry.recipient), in: .stream) + Self.overhead
        guard size <= limit - count else { return false }
        count += size
        entries.append(entry)
        return true
    }

    /// Empties the queue, the oldest first.
    mutating func take() -> [Entry] {
        defer {
            entries = []
            count = 0
        }
        return entries
    }
}
