/// The id of a message in a room (XEP-0359), and its place in the archive (XEP-0313): the time in milliseconds and a
/// count within it.
///
/// On the wire 13 characters that sort as the ids were made. 63 bits, so that a database can count with it.
package struct StanzaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: UInt64

    static let countBits: UInt64 = 20
    /// Base 32 with digits before letters: sorts like the number.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let length = 13

    /// - Parameter value: What is past 63 bits becomes the greatest id there is.
    package init(_ value: UInt64) {
        self.value = min(value, UInt64(Int64.max))
    }

    /// The id before all that were made at this time, in milliseconds since 1970, or later.
    package init(earliestAt time: Int64) {
        self.init(min(UInt64(clamping: time), UInt64(Int64.max) >> Self.countBits) << Self.countBits)
    }

    /// Reads an id as it stands on the wire; nil for anything that this server never writes.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length else { return nil }
        var value: UInt64 = 0
        for byte in text.utf8 {
            guard let digit = Self.alphabet.firstIndex(of: byte), value <= UInt64.max >> 5 else { return nil }
            value = value << 5 | UInt64(digit)
        }
        guard value <= UInt64(Int64.max) else { return nil }
        self.value = value
    }

    /// When the id was made, in milliseconds since 1970; later than that where the clock had stepped back.
    package var time: Int64 { Int64(clamping: value >> Self.countBits) }

    package var description: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(Self.length)
        for position in stride(from: 60, through: 0, by: -5) {
            digits.append(Self.alphabet[Int(truncatingIfNeeded: value >> UInt64(position)) & 31])
        }
        return String(decoding: digits, as: UTF8.self)
    }

    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
