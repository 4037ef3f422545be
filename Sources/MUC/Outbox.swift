import DequeModule
import XMPP

/// What rooms say while messages of theirs are on their way into the archive: everything waits behind them, in order.
///
/// So a message is reflected when it is kept, and nobody sees a different order for it: who comes, goes, is renamed or is
/// thrown out meanwhile does so after it. The state of the room does not wait, only what it says.
struct Outbox {
    /// One thing that a room says.
    enum Output {
        case effect(MUCEffect)
        /// A message that is being stored.
        indirect case message(PendingMessage)
        /// A message that is not to be stored.
        case unstored(PendingMessage)
        /// History and subject for a session, as they are when all before has been said (XEP-0045 §7.2.13).
        case catchUp(CatchUp)
    }

    struct PendingMessage {
        let message: ArchivedMessage
        /// Who was in the room when it was said.
        let recipients: [JID]
        /// What its sender gets when it cannot be stored; nil where an error is not allowed.
        let refusal: Stanza?
        /// What whoever asked for it gets when it has been said; nil when nobody did.
        let receipt: Stanza?
        /// Like `Stanza.footprint`.
        let size: Int
    }

    struct CatchUp {
        let session: JID
        let request: HistoryRequest
        let time: Int64
    }

    private struct Entry {
        let room: Room
        let output: Output
    }

    private var queue: Deque<Entry> = []

    var count: Int { queue.count }
    var isEmpty: Bool { queue.isEmpty }

    mutating func append(_ output: Output, of room: Room) {
        queue.append(Entry(room: room, output: output))
    }

    /// The message that everything waits for, taken out when it is the one of that id.
    mutating func take(_ id: StanzaID) -> (room: Room, message: PendingMessage)? {
        guard let entry = queue.first, case .message(let pending) = entry.output, pending.message.id == id else {
            return nil
        }
        queue.removeFirst()
        return (entry.room, pending)
    }

    /// The next thing that waits for no message any more.
    mutating func next() -> (room: Room, output: Output)? {
        guard let entry = queue.first else { return nil }
        if case .message = entry.output { return nil }
        queue.removeFirst()
        return (entry.room, entry.output)
    }
}
