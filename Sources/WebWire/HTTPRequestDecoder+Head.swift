/// The request line and the header fields (RFC 9112 §3, §5).
extension HTTPRequestDecoder {
    /// method SP request-target SP HTTP-version, with single spaces. One empty line before it is forgiven (§2.2).
    mutating func readRequestLine() -> Step {
        // Two spaces, the version and the line end.
        let framing = 12
        let allowance = Swift.min(limits.head, limits.method &+ limits.uri &+ framing)
        switch takeLine(allowance: allowance) {
        case .incomplete:
            return .wait
        case .malformed(let reason):
            return .event(fail(.badRequest, reason))
        case .tooLong:
            let methodPart = buffer[start...].prefix(Swift.max(0, limits.method) &+ 1)
            guard methodPart.contains(.space) else { return .event(fail(.badRequest, "no method")) }
            guard allowance < limits.head else { return .event(fail(.headerFieldsTooLarge, "request line too long")) }
            return .event(fail(.uriTooLong, "request target too long"))
        case .complete(let line) where line.isEmpty:
            guard !skippedEmptyLine else { return .event(fail(.badRequest, "empty lines before a request")) }
            skippedEmptyLine = true
            return .proceed
        case .complete(let line):
            return readRequestLine(line)
        }
    }

    private mutating func readRequestLine(_ line: Range<Int>) -> Step {
        let bytes = buffer[line]
        guard let methodEnd = bytes.firstIndex(of: .space), methodEnd > line.lowerBound,
            methodEnd &- line.lowerBound <= limits.method, bytes[..<methodEnd].allSatisfy(\.isTokenCharacter)
        else { return .event(fail(.badRequest, "no method")) }
        let rest = bytes[(methodEnd &+ 1)...]
        guard let targetEnd = rest.firstIndex(of: .space) else { return .event(fail(.badRequest, "no version")) }
        let target = rest[..<targetEnd]
        guard target.count <= limits.uri else { return .event(fail(.uriTooLong, "request target too long")) }
        guard !target.isEmpty, target.allSatisfy({ $0.isVisible && $0 != UInt8(ascii: "#") }) else {
            return .event(fail(.badRequest, "bad request target"))
        }
        let version = Array(rest[(targetEnd &+ 1)...])
        guard version.count == 8, version.starts(with: Array("HTTP/".utf8)), version[5].isDigit,
            version[6] == UInt8(ascii: "."), version[7].isDigit
        else { return .event(fail(.badRequest, "bad version")) }
        guard version[5] == UInt8(ascii: "1") else {
            return .event(fail(.versionNotSupported, "not HTTP/1.x"))
        }
        let method = String(decoding: bytes[..<methodEnd], as: UTF8.self)
        partial.request = HTTPRequest(method: method, target: String(decoding: target, as: UTF8.self))
        partial.request.minorVersion = version[7] == UInt8(ascii: "0") ? 0 : 1
        partial.headBytes = line.count &+ 2
        state = .fields
        return .proceed
    }

    /// field-name ":" OWS field-value OWS, or the empty line that ends the head (§5).
    mutating func readField() -> Step {
        switch takeLine(allowance: limits.head &- partial.headBytes) {
        case .incomplete:
            return .wait
        case .malformed(let reason):
            return .event(fail(.badRequest, reason))
        case .tooLong:
            return .event(fail(.headerFieldsTooLarge, "head too long"))
        case .complete(let line) where line.isEmpty:
            return finishHead()
        case .complete(let line):
            partial.headBytes &+= line.count &+ 2
            guard let (name, value) = field(line) else { return .event(fail(.badRequest, "bad header field")) }
            guard partial.request.headers.fields.count < limits.headerCount else {
                return .event(fail(.headerFieldsTooLarge, "too many header fields"))
            }
            partial.request.headers.appendParsed(name: text(name), value: text(value))
            return .proceed
        }
    }

    /// Name and value of a field line. A line that begins with a blank (obs-fold) and a blank before the colon fail,
    /// for a blank is no part of a name (§5.1, §5.2).
    func field(_ line: Range<Int>) -> (name: Range<Int>, value: Range<Int>)? {
        guard let colon = buffer[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound,
            buffer[line.lowerBound..<colon].allSatisfy(\.isTokenCharacter)
        else { return nil }
        var lower = colon &+ 1
        var upper = line.upperBound
        while lower < upper, buffer[lower].isBlank { lower &+= 1 }
        while upper > lower, buffer[upper &- 1].isBlank { upper &-= 1 }
        return (line.lowerBound..<colon, lower..<upper)
    }

    /// The head as a whole: host, target, framing of the body, what to do with the connection.
    private mutating func finishHead() -> Step {
        let headers = partial.request.headers
        if let problem = checkTarget() { return .event(fail(.badRequest, problem)) }
        partial.request.keepAlive = wantsKeepAlive()
        let framing: BodyFraming
        switch bodyFraming(headers) {
        case .failure(let problem): return .event(fail(problem.status, problem.reason))
        case .success(let value): framing = value
        }
        var awaitsContinue = false
        // HTTP/1.0 knows no expectations: they are ignored (RFC 9110 §10.1.1).
        if partial.request.minorVersion > 0, headers.contains("Expect") {
            guard headers.values("Expect").allSatisfy({ ASCII.equalIgnoringCase($0, "100-continue") }) else {
                return .event(fail(.expectationFailed, "unknown expectation"))
            }
            // A body that is already coming needs no invitation.
            awaitsContinue = framing != .length(0) && start >= buffer.count
        }
        switch framing {
        case .length(0): return finish()
        case .length(let length): state = .body(remaining: length)
        case .chunked: state = .chunkLine
        }
        partial.headBytes = 0
        return awaitsContinue ? .event(.expectContinue) : .proceed
    }

    private func wantsKeepAlive() -> Bool {
        let request = partial.request
        // After CONNECT a client expects a tunnel; whatever it sends next is no request.
        if request.method == "CONNECT" || request.headers.hasToken("Connection", "close") { return false }
        return request.minorVersion > 0 || request.headers.hasToken("Connection", "keep-alive")
    }
}
