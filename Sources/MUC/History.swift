import DequeModule
import XMPP

/// The last messages of a room, ready to be sent to newcomers.
struct History {
    private struct Entry {
        /// With its delay, but without `to`.
        let stanza: Stanza
        let time: Int64
        let size: Int
    }

    private var entries: Deque<Entry> = []
    private var size = 0
    private let maximumCount: Int
    private let maximumSize: Int

    init(limits: MUCLimits) {
        maximumCount = max(0, limits.history)
        maximumSize = max(0, limits.historySize)
    }

    var count: Int { entries.count }

    /// Remembers a message as it was reflected; the oldest make place for it.
    mutating func append(_ message: Stanza, room: JID, at time: Int64) {
        guard maximumCount > 0 else { return }
        var stanza = message
        stanza.to = nil
        stanza.payload.append(.delay(by: room, at: time))
        let entry = Entry(stanza: stanza, time: time, size: stanza.footprint)
        entries.append(entry)
        size += entry.size
        while entries.count > maximumCount || size > maximumSize, let oldest = entries.popFirst() {
            size -= oldest.size
        }
    }

    /// The newest messages that a request lets through, oldest first. Of its limits the tightest counts, and no stanza
    /// is cut (XEP-0045 §7.2.14).
    func messages(for request: HistoryRequest, now: Int64) -> [Stanza] {
        let earliest = request.earliest(now: now)
        var characters = 0
        var chosen: [Stanza] = []
        for entry in entries.reversed() {
            guard chosen.count < request.maxStanzas ?? .max, entry.time >= earliest else { break }
            if let maximum = request.maxCharacters {
                characters += entry.stanza.element.description.unicodeScalars.count
                guard characters <= maximum else { break }
            }
            chosen.append(entry.stanza)
        }
        return chosen.reversed()
    }
}
