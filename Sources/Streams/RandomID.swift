/// Identifiers that nobody can guess: stream ids, visitor names, session ids.
package enum RandomID {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// `length` characters of lower-case base 32, five random bits each, from the system's cryptographic generator.
    package static func base32(length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        // A number is a call of the system, and good for twelve characters.
        while bytes.count < length {
            var bits = generator.next() as UInt64
            for _ in 0..<min(12, length &- bytes.count) {
                bytes.append(alphabet[Int(truncatingIfNeeded: bits & 31)])
                bits >>= 5
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// 26 characters, 130 bits: the localpart of an anonymous visitor.
    package static func visitor() -> String { base32(length: 26) }

    /// 20 characters, 100 bits: a stream id or a resource.
    package static func stream() -> String { base32(length: 20) }
}
