/// Lines: CRLF and nothing else ends one, and no control character but the tab is part of one (RFC 9112 §2.2).
extension HTTPRequestDecoder {
    enum Line {
        /// The line without its end; it has been consumed.
        case complete(Range<Int>)
        case incomplete
        case tooLong
        case malformed(String)
    }

    /// Takes the next line, which may have `allowance` bytes with its end. No byte is looked at twice, and none past
    /// the allowance, so that the verdict is the same however the bytes arrive.
    mutating func takeLine(allowance: Int) -> Line {
        let available = buffer.count &- start
        let end = start &+ Swift.min(available, Swift.max(0, allowance))
        var index = scan
        while index < end {
            let byte = buffer[index]
            if byte.isFieldValueCharacter {
                index &+= 1
                continue
            }
            guard byte == .carriageReturn else {
                return .malformed(byte == .lineFeed ? "bare LF" : "control character")
            }
            guard index &+ 1 < end else { break }
            guard buffer[index &+ 1] == .lineFeed else { return .malformed("bare CR") }
            let line = start..<index
            start = index &+ 2
            scan = start
            return .complete(line)
        }
        scan = index
        return available >= allowance ? .tooLong : .incomplete
    }

    /// The text of a part of the buffer.
    func text(_ range: Range<Int>) -> String {
        String(decoding: buffer[range], as: UTF8.self)
    }
}
