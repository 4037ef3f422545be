/// One HTTP/1.1 response of status 200 with a known length, found in what was read.
struct HTTPAnswer: Equatable {
    var body: Range<Int>

    /// The response that begins at an offset; nil when it is not complete yet.
    static func next(in bytes: UnsafeRawBufferPointer, from start: Int) throws(BenchFailure) -> HTTPAnswer? {
        guard start < bytes.count, let end = bytes.index(of: "\r\n\r\n", from: start) else { return nil }
        let head = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        guard head.starts(with: "HTTP/1.1 200") else { throw BenchFailure("the server answers: \(head.excerpt)") }
        guard let length = contentLength(head) else {
            throw BenchFailure("the server does not say how long its answer is: \(head.excerpt)")
        }
        let begin = end + 4
        guard bytes.count - begin >= length else { return nil }
        return HTTPAnswer(body: begin..<(begin + length))
    }

    private static func contentLength(_ head: UnsafeRawBufferPointer) -> Int? {
        // The three ways in which servers write it.
        let names: [StaticString] = ["Content-Length: ", "content-length: ", "Content-length: "]
        for name in names {
            guard let start = head.index(of: name) else { continue }
            var length = 0
            for byte in head[(start + name.utf8CodeUnitCount)...] {
                guard byte >= 0x30, byte <= 0x39, length < 1 << 30 else { break }
                length = length * 10 + Int(byte - 0x30)
            }
            return length
        }
        return nil
    }
}
