/// Turns the bytes that a WebSocket client sends into messages (RFC 6455 §5), strictly: the server's side.
///
/// What it makes of a byte sequence does not depend on how the bytes were cut into pieces. After a close frame or a
/// failure everything further is ignored. It reads input in place and holds nothing but the payload of an unfinished
/// message (at most `limits.message`) and of an unfinished control frame (at most 125 bytes); memory is taken as
/// payload arrives, never for a length that was only announced.
package struct WebSocketDecoder: Sendable {
    /// What a client said.
    package enum Event: Sendable, Equatable {
        /// A whole text message, valid UTF-8, perhaps empty.
        case text([UInt8])
        /// A ping: answer with a pong of the same payload (§5.5.2). Not rate-limited here.
        case ping([UInt8])
        /// A pong, asked for or not.
        case pong([UInt8])
        /// The client closes; the code is one that may be sent, the reason is valid UTF-8. Answer and close.
        case close(code: UInt16?, reason: [UInt8])
        /// The client broke the protocol or a limit: send a close frame with this code, then close.
        case failure(code: UInt16, reason: String)
    }

    enum Stage: Sendable {
        case opcode
        case length
        /// The two-byte form of the length.
        case shortLength(missing: Int)
        /// The eight-byte form.
        case longLength(missing: Int)
        case mask
        case payload
    }

    let limits: WebSocketLimits
    var stage = Stage.opcode
    var opcode = WebSocketOpcode.continuation
    var isFinal = false
    /// The announced payload length, or how much of it is still to come.
    var remaining: UInt64 = 0
    var mask = WebSocketMask()

    var isInMessage = false
    var message: [UInt8] = []
    var validator = UTF8Validator()
    var control: [UInt8] = []
    var emptyFragments = 0

    /// Control frames since the message that is being received began; 0 between messages.
    package internal(set) var controlFramesInMessage = 0
    /// Whether a close frame or a failure ended the input.
    package internal(set) var isFinished = false

    /// A decoder for one connection.
    package init(limits: WebSocketLimits = WebSocketLimits()) {
        self.limits = limits
    }

    /// Whether nothing of a frame or message is held.
    package var isIdle: Bool {
        if case .opcode = stage { return !isInMessage }
        return false
    }

    /// How many payload bytes are held.
    package var bufferedCount: Int { message.count &+ control.count }

    /// Everything in these bytes, in order. A caller that wants to stop between events uses `next`.
    package mutating func receive(_ bytes: Span<UInt8>) -> [Event] {
        var events: [Event] = []
        var index = 0
        while let event = next(in: bytes, at: &index) {
            events.append(event)
        }
        return events
    }

    /// Reads on in `bytes` from `index`, which it advances, up to the next event; nil when all bytes are used up.
    package mutating func next(in bytes: Span<UInt8>, at index: inout Int) -> Event? {
        while !isFinished, index >= 0, index < bytes.count {
            let event: Event?
            if case .payload = stage {
                let available = bytes.extracting(index..<bytes.count)
                let count = Int(Swift.min(remaining, UInt64(available.count)))
                event = readPayload(available.extracting(first: count))
                index &+= count
            } else {
                event = readHeader(bytes[index])
                index &+= 1
            }
            if let event { return event }
        }
        return nil
    }

    mutating func fail(_ code: UInt16, _ reason: String) -> Event {
        finish()
        return .failure(code: code, reason: reason)
    }

    /// Ends the input and gives all memory back.
    mutating func finish() {
        isFinished = true
        stage = .opcode
        isInMessage = false
        message = []
        control = []
    }
}
