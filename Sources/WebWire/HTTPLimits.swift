/// How much one HTTP peer may make us hold. All values are bytes unless said otherwise.
package struct HTTPLimits: Sendable, Equatable {
    /// Request line and header fields together, line ends included; past it 431. Trailers have the same bound.
    package var head: Int
    /// The request target; past it 414.
    package var uri: Int
    /// The decoded body; past it 413, as soon as the length is announced.
    package var body: Int
    /// Header fields (a number, not bytes); past it 431. Trailer fields have the same bound.
    package var headerCount: Int
    /// The request method; past it 400.
    package var method: Int
    /// One chunk-size line with its extensions; past it 400.
    package var chunkLine: Int
    /// All chunk extensions of one body together; past it 400.
    package var chunkExtensions: Int

    /// What may be held besides one head and one body: chunk framing, and requests sent before the last was answered.
    /// At least what the caller reads from a socket at a time.
    package var readAhead: Int

    /// What a decoder keeps of bytes that are not yet parsed: one head, one body and `readAhead`. Past it 413.
    package var buffered: Int { Swift.max(0, head) &+ Swift.max(0, body) &+ Swift.max(0, readAhead) }

    /// The defaults suit anonymous visitors: a body is one stanza of 64 KiB and 4 KiB of wrapping.
    package init(
        head: Int = 8 * 1024,
        uri: Int = 4 * 1024,
        body: Int = 68 * 1024,
        headerCount: Int = 100,
        method: Int = 32,
        chunkLine: Int = 256,
        chunkExtensions: Int = 1024,
        readAhead: Int = 16 * 1024
    ) {
        self.head = head
        self.uri = uri
        self.body = body
        self.headerCount = headerCount
        self.method = method
        self.chunkLine = chunkLine
        self.chunkExtensions = chunkExtensions
        self.readAhead = readAhead
    }
}
