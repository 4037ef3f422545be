/// Bodies: a length, or chunks (RFC 9112 §6, §7).
extension HTTPRequestDecoder {
    enum BodyFraming: Equatable {
        case length(Int)
        case chunked
    }

    struct FramingProblem: Error {
        let status: HTTPStatus
        let reason: String
    }

    /// How the body is delimited (§6.3), or why that cannot be told: two readings of one message are how requests
    /// are smuggled, so nothing ambiguous passes (§11.2).
    func bodyFraming(_ headers: HTTPHeaders) -> Result<BodyFraming, FramingProblem> {
        func refuse(_ reason: String, _ status: HTTPStatus = .badRequest) -> Result<BodyFraming, FramingProblem> {
            .failure(FramingProblem(status: status, reason: reason))
        }
        let lengths = headers.values("Content-Length")
        let codings = headers.values("Transfer-Encoding")
        if let coding = codings.first {
            guard lengths.isEmpty else { return refuse("Content-Length with Transfer-Encoding") }
            guard codings.count == 1, ASCII.equalIgnoringCase(coding, "chunked") else {
                return refuse("Transfer-Encoding other than chunked")
            }
            guard partial.request.minorVersion > 0 else { return refuse("Transfer-Encoding in HTTP/1.0") }
            return .success(.chunked)
        }
        guard let text = lengths.first else { return .success(.length(0)) }
        guard lengths.count == 1 else { return refuse("two Content-Lengths") }
        // `Int` alone would accept a sign.
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit), let length = Int(text) else {
            return refuse("bad Content-Length")
        }
        guard length <= limits.body else { return refuse("body too long", .contentTooLarge) }
        return .success(.length(length))
    }

    mutating func readBody(_ remaining: Int) -> Step {
        let left = takeBody(remaining)
        if left == 0 { return finish() }
        state = .body(remaining: left)
        return .wait
    }

    /// chunk-size [ chunk-ext ] CRLF (§7.1)
    mutating func readChunkLine() -> Step {
        switch takeLine(allowance: limits.chunkLine) {
        case .incomplete:
            return .wait
        case .malformed(let reason):
            return .event(fail(.badRequest, reason))
        case .tooLong:
            return .event(fail(.badRequest, "chunk line too long"))
        case .complete(let line):
            return readChunkLine(line)
        }
    }

    private mutating func readChunkLine(_ line: Range<Int>) -> Step {
        var size: UInt64 = 0
        var digits = 0
        for byte in buffer[line] {
            guard let value = byte.hexValue else { break }
            // Sixteen digits fill 64 bits.
            guard digits < 16 else { return .event(fail(.badRequest, "bad chunk size")) }
            size = size << 4 | UInt64(value)
            digits &+= 1
        }
        let extensions = buffer[line].dropFirst(digits)
        guard digits > 0, extensions.isEmpty || ChunkExtensions.isValid(extensions) else {
            return .event(fail(.badRequest, "bad chunk line"))
        }
        partial.chunkExtensionBytes &+= extensions.count
        guard partial.chunkExtensionBytes <= limits.chunkExtensions else {
            return .event(fail(.badRequest, "too many chunk extensions"))
        }
        guard size <= UInt64(Swift.max(0, limits.body &- partial.request.body.count)) else {
            return .event(fail(.contentTooLarge, "body too long"))
        }
        state = size == 0 ? .trailers : .chunkData(remaining: Int(size))
        return .proceed
    }

    mutating func readChunkData(_ remaining: Int) -> Step {
        let left = takeBody(remaining)
        state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
        return left == 0 ? .proceed : .wait
    }

    mutating func readChunkEnd() -> Step {
        guard start < buffer.count else { return .wait }
        guard buffer[start] == .carriageReturn else { return .event(fail(.badRequest, "chunk without its end")) }
        guard start &+ 1 < buffer.count else { return .wait }
        guard buffer[start &+ 1] == .lineFeed else { return .event(fail(.badRequest, "chunk without its end")) }
        start &+= 2
        scan = start
        state = .chunkLine
        return .proceed
    }

    /// The trailer section (§7.1.2): checked like a head, bounded like a head, dropped.
    mutating func readTrailer() -> Step {
        switch takeLine(allowance: limits.head &- partial.headBytes) {
        case .incomplete:
            return .wait
        case .malformed(let reason):
            return .event(fail(.badRequest, reason))
        case .tooLong:
            return .event(fail(.headerFieldsTooLarge, "trailers too long"))
        case .complete(let line) where line.isEmpty:
            return finish()
        case .complete(let line):
            partial.headBytes &+= line.count &+ 2
            partial.trailerCount &+= 1
            guard let (name, _) = field(line), !Self.isForbiddenTrailer(text(name)) else {
                return .event(fail(.badRequest, "bad trailer"))
            }
            guard partial.trailerCount <= limits.headerCount else {
                return .event(fail(.headerFieldsTooLarge, "too many trailers"))
            }
            return .proceed
        }
    }

    /// Moves what is there of the next `count` bytes into the body; returns how many are still missing.
    private mutating func takeBody(_ count: Int) -> Int {
        let taken = Swift.min(count, buffer.count &- start)
        partial.request.body.append(contentsOf: buffer[start..<(start &+ taken)])
        start &+= taken
        scan = start
        return count &- taken
    }

    /// Framing, routing and authentication cannot come after the body (RFC 9110 §6.5.1).
    private static func isForbiddenTrailer(_ name: String) -> Bool {
        ["content-length", "transfer-encoding", "host", "connection", "authorization", "trailer", "expect", "upgrade"]
            .contains(ASCII.lowercased(name))
    }
}
