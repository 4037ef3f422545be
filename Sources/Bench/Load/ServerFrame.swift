/// One WebSocket frame of a server (RFC 6455 §5.2), found in what was read: only where it is, nothing is copied.
struct ServerFrame: Equatable {
    enum Kind: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    var kind: Kind
    var payload: Range<Int>

    /// The frame that begins at an offset; nil when it is not complete yet.
    static func next(in bytes: UnsafeRawBufferPointer, from start: Int) throws(BenchFailure) -> ServerFrame? {
        let available = bytes.count - start
        guard available >= 2 else { return nil }
        let first = bytes[start]
        let second = bytes[start + 1]
        guard first & 0x70 == 0, second & 0x80 == 0 else {
            throw BenchFailure("the server sent a WebSocket frame that is compressed or masked")
        }
        guard let kind = Kind(rawValue: first & 0x0F) else {
            throw BenchFailure("the server sent a WebSocket frame of kind \(first & 0x0F)")
        }
        // Legal, but nobody does it, and counting frames would be wrong.
        guard first & 0x80 != 0, kind != .continuation else {
            throw BenchFailure("the server sent a fragmented WebSocket message")
        }
        var headLength = 2
        var length = Int(second)
        if length == 126 {
            guard available >= 4 else { return nil }
            length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
            headLength = 4
        } else if length == 127 {
            guard available >= 10 else { return nil }
            let long = bytes[(start + 2)..<(start + 10)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            guard long <= 1 << 30 else { throw BenchFailure("the server announces a frame of \(long) bytes") }
            length = Int(long)
            headLength = 10
        }
        guard available - headLength >= length else { return nil }
        let begin = start + headLength
        return ServerFrame(kind: kind, payload: begin..<(begin + length))
    }
}
