import DequeModule
import WebWire
import XMPP

/// What one side of a managed stream has handled, and what it has sent that the other has not acknowledged (XEP-0198).
///
/// A pure value that knows nothing of connections: it is kept while there is none, and handed to the next. Counters on
/// the wire are modulo 2^32.
package struct StreamManagement: Sendable {
    /// What may wait to be acknowledged.
    package struct Limits: Hashable, Sendable {
        /// Stanzas. A connected client may be behind by more for a moment, as after joining a large room.
        package var stanzas: Int
        /// Bytes, with the frames around them.
        package var bytes: Int

        package init(stanzas: Int = 500, bytes: Int = 1_024 * 1_024) {
            self.stanzas = stanzas
            self.bytes = bytes
        }
    }

    /// What became of a stanza for the client.
    package enum Outcome: Hashable, Sendable {
        case queued
        /// Queued, and it is time to ask what has arrived.
        case queuedToBeAsked
        /// It was not taken: nothing can be promised to this client any more.
        case full
    }

    /// What an `h` of the client says.
    package enum Acknowledgement: Hashable, Sendable {
        /// So many stanzas more have arrived.
        case accepted(Int)
        /// Less than the client has acknowledged before.
        case stale
        /// More than it was ever sent (XEP-0198 §6).
        case tooHigh
    }

    /// Stanzas after which the client is asked.
    package static let requestInterval = 50

    /// Stanzas of the client that were handled: our `h`.
    package private(set) var handled: UInt32
    /// Sent and not acknowledged, the oldest first.
    private var queue: Deque<StanzaBytes> = []

    private let recipient: StanzaBytes.Recipient
    private let limits: Limits
    /// Since the beginning; `h` is its lower half.
    private var acknowledged: UInt64
    /// Of `queue`.
    private var bytes = 0
    private var sinceRequest = 0
    private var bytesSinceRequest = 0
    /// Requests that the client has not answered.
    private var openRequests = 0
    private var acknowledgedAtCheck: UInt64?

    /// - Parameter recipient: to whom everything goes.
    /// - Parameter start: the value of both counters at the beginning; not 0 in tests only.
    package init(recipient: StanzaBytes.Recipient, limits: Limits = Limits(), start: UInt32 = 0) {
        self.recipient = recipient
        self.limits = limits
        handled = start
        acknowledged = UInt64(start)
    }

    /// Stanzas that were not acknowledged.
    package var unacknowledged: Int { queue.count }

    /// Stanzas that were sent, acknowledged or not: the highest `h` that the client may say.
    package var sent: UInt32 {
        UInt32(truncatingIfNeeded: acknowledged) &+ UInt32(truncatingIfNeeded: queue.count)
    }

    // MARK: - From the client

    /// A stanza of the client was handled: what came of it is done, or in a queue of ours.
    package mutating func handle() { handled &+= 1 }

    /// The client says what it has handled, in an `<a/>` or when it resumes.
    package mutating func acknowledge(_ h: UInt32) -> Acknowledgement {
        let base = UInt32(truncatingIfNeeded: acknowledged)
        let count = Int(h &- base)
        guard count <= queue.count else {
            // Behind, if the client can have been there; half of the circle is the past, as far as there is one.
            let behind = UInt64(base &- h)
            return behind <= min(acknowledged, 1 << 31) ? .stale : .tooHigh
        }
        for stanza in queue.prefix(count) { bytes -= size(of: stanza) }
        queue.removeFirst(count)
        acknowledged &+= UInt64(count)
        return .accepted(count)
    }

    /// Whether an `<a/>` answers a request of ours; each request is answered once.
    package mutating func closeRequest() -> Bool {
        guard openRequests > 0 else { return false }
        openRequests -= 1
        return true
    }

    // MARK: - To the client

    /// Keeps a stanza until it is acknowledged. Send it, if somebody is connected, after this and in the same order.
    package mutating func append(_ stanza: StanzaBytes, isConnected: Bool) -> Outcome {
        let size = size(of: stanza)
        // One stanza of any size is never too much, as with the queue of a connection.
        guard queue.isEmpty || size <= limits.bytes - bytes else { return .full }
        guard isConnected || queue.count < limits.stanzas else { return .full }
        queue.append(stanza)
        bytes += size
        sinceRequest += 1
        bytesSinceRequest += size
        guard isConnected, sinceRequest >= Self.requestInterval || bytesSinceRequest > limits.bytes / 8 else {
            return .queued
        }
        return .queuedToBeAsked
    }

    private func size(of stanza: StanzaBytes) -> Int {
        stanza.count(to: recipient) + WebSocketEncoder.maximumHeader
    }

    /// Whether the client was sent something since it was last asked.
    package var hasNews: Bool { sinceRequest > 0 }

    /// The client is being asked.
    package mutating func openRequest() {
        sinceRequest = 0
        bytesSinceRequest = 0
        openRequests += 1
    }

    /// The client has resumed: sends what it has not acknowledged again. What it was asked before, it never answers.
    package mutating func resume(_ send: (StanzaBytes) -> Void) {
        for stanza in queue { send(stanza) }
        openRequests = 0
        sinceRequest = queue.count
        bytesSinceRequest = bytes
        acknowledgedAtCheck = nil
    }

    /// Called now and then while the client is connected: whether it is behind by too much and has acknowledged nothing
    /// since the last time.
    package mutating func isStuck() -> Bool {
        defer { acknowledgedAtCheck = acknowledged }
        return queue.count > limits.stanzas && acknowledgedAtCheck == acknowledged
    }
}
