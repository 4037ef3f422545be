/// Turns the bytes of one connection into HTTP/1.1 requests (RFC 9110, RFC 9112), strictly.
///
/// Give it bytes with `receive`, then call `next` until it says `needMore`. It yields one request at a time: bytes
/// behind a request stay unread until `next` is called again, so pipelined requests are answered in order.
/// What it makes of a byte sequence does not depend on how the bytes were cut into pieces. After a failure it stays
/// failed and reads nothing more; after a request that ends the connection it reads nothing more either.
///
/// It holds at most `limits.buffered` bytes that are not parsed, and the head and body of one request; between
/// requests it holds nothing.
package struct HTTPRequestDecoder: Sendable {
    /// What `next` found.
    package enum Event: Sendable, Equatable {
        /// Nothing complete: wait for bytes.
        case needMore
        /// A complete request. Answer it before calling `next` again.
        case request(HTTPRequest)
        /// The client waits with its body: write `100 Continue` (RFC 9110 §10.1.1), then call `next` again.
        case expectContinue
        /// The peer broke the protocol or a limit: answer with this status, then close. The reason is for the log.
        case failure(HTTPStatus, reason: String)
    }

    /// Which part of a request is awaited; the caller's deadlines hang on it.
    package enum Phase: Sendable, Equatable {
        /// Nothing of the next request has been read.
        case idle
        /// A request line or header fields have begun.
        case head
        /// The head is complete, body or trailers are not.
        case body
    }

    enum State: Sendable {
        case requestLine
        case fields
        case body(remaining: Int)
        case chunkLine
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case closed
        case failed(HTTPStatus, reason: String)
    }

    enum Step {
        case proceed
        case wait
        case event(Event)
    }

    let limits: HTTPLimits
    var state = State.requestLine
    /// Unparsed bytes are `buffer[start...]`; of these, those before `scan` hold no line end.
    var buffer: [UInt8] = []
    var start = 0
    var scan = 0
    /// More bytes came than may be kept: what was kept is served, then the connection fails.
    var hasOverflowed = false
    var skippedEmptyLine = false
    var partial = PartialRequest()

    /// A decoder for one connection.
    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    /// Which part of a request is awaited. After a failure or the last request, `idle`.
    package var phase: Phase {
        switch state {
        case .requestLine: start < buffer.count ? .head : .idle
        case .fields: .head
        case .body, .chunkLine, .chunkData, .chunkEnd, .trailers: .body
        case .closed, .failed: .idle
        }
    }

    /// Whether nothing of a request has been received.
    package var isIdle: Bool { phase == .idle && !hasBufferedInput }

    /// Whether bytes are waiting behind the request that is being answered.
    package var hasBufferedInput: Bool { start < buffer.count || hasOverflowed }

    /// How many bytes are held unparsed; never over `limits.buffered`.
    package var bufferedCount: Int { buffer.count &- start }

    /// Appends what the peer sent. Bytes past `limits.buffered` are dropped and fail the connection.
    package mutating func receive(_ bytes: Span<UInt8>) {
        switch state {
        case .closed, .failed: return
        default: break
        }
        if start > 0, start >= buffer.count &- start {
            buffer.removeFirst(start)
            scan &-= start
            start = 0
        }
        let room = limits.buffered &- bufferedCount
        guard !hasOverflowed, bytes.count <= room else {
            if !hasOverflowed, room > 0 { buffer.append(copying: bytes.extracting(first: room)) }
            hasOverflowed = true
            return
        }
        buffer.append(copying: bytes)
    }

    /// The next thing in the bytes received so far.
    package mutating func next() -> Event {
        while true {
            switch step() {
            case .proceed:
                continue
            case .event(let event):
                return event
            case .wait:
                guard hasOverflowed else { return .needMore }
                return fail(.contentTooLarge, "more input than may be held")
            }
        }
    }

    /// Takes the bytes behind the last request, for the protocol that the connection was upgraded to, and closes.
    package mutating func takeRemaining() -> [UInt8] {
        let rest = Array(buffer[start...])
        release()
        state = .closed
        return rest
    }

    private mutating func step() -> Step {
        switch state {
        case .requestLine: readRequestLine()
        case .fields: readField()
        case .body(let remaining): readBody(remaining)
        case .chunkLine: readChunkLine()
        case .chunkData(let remaining): readChunkData(remaining)
        case .chunkEnd: readChunkEnd()
        case .trailers: readTrailer()
        case .closed: .event(.needMore)
        case .failed(let status, let reason): .event(.failure(status, reason: reason))
        }
    }

    /// Ends the request that is being read and yields it.
    mutating func finish() -> Step {
        let request = partial.request
        partial = PartialRequest()
        skippedEmptyLine = false
        state = request.keepAlive ? .requestLine : .closed
        if start >= buffer.count { releaseBuffer() }
        return .event(.request(request))
    }

    @discardableResult
    mutating func fail(_ status: HTTPStatus, _ reason: String) -> Event {
        release()
        state = .failed(status, reason: reason)
        return .failure(status, reason: reason)
    }

    private mutating func release() {
        releaseBuffer()
        partial = PartialRequest()
        hasOverflowed = false
    }

    private mutating func releaseBuffer() {
        buffer = []
        start = 0
        scan = 0
    }
}
