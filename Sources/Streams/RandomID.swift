/// Identifiers that nobody can guess: stream ids, visitor names, session ids.
package enum RandomID {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// `length` characters of lower-case base 32, five random bits each, from the system's cryptographic generator.
    package static func base32(length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        for _ in 0..<max(length, 0) {
            if let character = alphabet.randomElement(using: &generator) { bytes.append(character) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// 26 characters, 130 bits: the localpart of an anonymous visitor.
    package static func visitor() -> String { base32(length: 26) }

    /// 20 characters, 100 bits: a stream id or a resource.
    package static func stream() -> String { base32(length: 20) }
}
