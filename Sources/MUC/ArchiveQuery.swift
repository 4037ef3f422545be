/// A question to the archive of a room (XEP-0313 §4).
package struct ArchiveQuery: Hashable, Sendable {
    /// Which messages of all that match are wanted (XEP-0059).
    package enum Page: Hashable, Sendable {
        /// The first after one, or of all.
        case after(StanzaID?)
        /// The last before one, or of all.
        case before(StanzaID?)
    }

    /// The localpart.
    package var room: String
    /// Not earlier than this, in milliseconds since 1970.
    package var start: Int64?
    /// Not later than this.
    package var end: Int64?
    /// The sender's nick.
    package var nick: String?
    /// The sender's occupant id.
    package var occupantID: String?
    package var afterID: StanzaID?
    package var beforeID: StanzaID?
    /// These very messages.
    package var ids: [StanzaID]?
    package var page = Page.after(nil)
    /// The size of the page; 0 asks how many messages match.
    package var max: Int
    /// Bytes of the page; the message that goes past it is the last.
    package var maxSize: Int

    package init(room: String, max: Int, maxSize: Int = .max) {
        self.room = room
        self.max = max
        self.maxSize = maxSize
    }

    /// Ids that must be in the archive, or the question has no answer (XEP-0313 §4.1.4, §4.3.2).
    package var mentionedIDs: [StanzaID] {
        var mentioned = ids ?? []
        switch page {
        case .after(let id?), .before(let id?): mentioned.append(id)
        default: break
        }
        return mentioned + [afterID, beforeID].compactMap { $0 }
    }
}

/// What the archive answers.
package enum ArchiveAnswer: Hashable, Sendable {
    /// Oldest first. `isComplete`: nothing that matches lies beyond the page. `count`: how many match, where asked.
    case page([ArchivedMessage], isComplete: Bool, count: Int? = nil)
    /// The first and the last message; nil when there is none.
    case span(ArchiveSpan?)
    /// An id that was mentioned is not in the archive of this room.
    case itemNotFound
    case unavailable
}

/// Where an archive begins and ends (XEP-0313 §5).
package struct ArchiveSpan: Hashable, Sendable {
    package var first: StanzaID
    package var firstTime: Int64
    package var last: StanzaID
    package var lastTime: Int64

    package init(first: StanzaID, firstTime: Int64, last: StanzaID, lastTime: Int64) {
        self.first = first
        self.firstTime = firstTime
        self.last = last
        self.lastTime = lastTime
    }
}
