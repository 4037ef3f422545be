import DequeModule
import XMPP

/// The last messages of a room, ready to be sent to newcomers.
struct History {
    private struct Entry {
        /// With its delay, but without `to`.
        let stanza: Stanza
        let time: Int64
        let size: Int
        /// Once a newcomer was sent it.
        var shared: SharedStanza?
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

    /// The message of this stanza-id (XEP-0359), as it is sent to newcomers.
    func message(_ id: String, by room: JID) -> Stanza? {
        index(of: id, by: room).map { entries[$0].stanza }
    }

    /// Puts a tombstone in the place of a message.
    mutating func replace(_ id: String, by room: JID, _ tombstone: Tombstone) {
        guard let index = index(of: id, by: room) else { return }
        let old = entries[index]
        let stanza = tombstone.replacing(old.stanza)
        entries[index] = Entry(stanza: stanza, time: old.time, size: stanza.footprint)
        size += entries[index].size - old.size
    }

    private func index(of id: String, by room: JID) -> Int? {
        entries.lastIndex { entry in
            entry.stanza.payload.contains { child in
                child.isNamed("stanza-id", Namespace.stanzaIDs) && child["id"] == id && child["by"] == room.description
            }
        }
    }

    /// Whether something of somebody is remembered.
    func holds(_ occupantID: Element) -> Bool {
        entries.contains { $0.stanza.payload.contains(occupantID) }
    }

    /// The newest messages that a request lets through, oldest first. Of its limits the tightest counts, and no stanza
    /// is cut (XEP-0045 §7.2.14).
    mutating func messages(for request: HistoryRequest, now: Int64) -> [SharedStanza] {
        let earliest = request.earliest(now: now)
        var characters = 0
        var chosen: [SharedStanza] = []
        for index in entries.indices.reversed() {
            let entry = entries[index]
            guard chosen.count < request.maxStanzas ?? .max, entry.time >= earliest else { break }
            if let maximum = request.maxCharacters {
                characters += entry.stanza.element.description.unicodeScalars.count
                guard characters <= maximum else { break }
            }
            let shared = entry.shared ?? SharedStanza(entry.stanza)
            entries[index].shared = shared
            chosen.append(shared)
        }
        return chosen.reversed()
    }
}
