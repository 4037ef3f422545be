/// Base 64 with the standard alphabet (RFC 4648 §4), strictly: padding is required, whitespace and other characters
/// are refused, and so are unused bits that are not zero (§3.5), so that a value has exactly one encoding.
package enum Base64 {
    private static let padding = UInt8(ascii: "=")

    /// The encoding of any bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 3 * 4 + 4)
        var index = 0
        while index < bytes.count {
            let second = index &+ 1 < bytes.count ? bytes[index &+ 1] : nil
            let third = index &+ 2 < bytes.count ? bytes[index &+ 2] : nil
            let group = UInt32(bytes[index]) << 16 | UInt32(second ?? 0) << 8 | UInt32(third ?? 0)
            output.append(character(group >> 18))
            output.append(character(group >> 12))
            output.append(second == nil ? padding : character(group >> 6))
            output.append(third == nil ? padding : character(group))
            index &+= 3
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The bytes of an encoding; nil when it is not exactly one.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8))
    }

    /// The bytes of an encoding given as ASCII; nil when it is not exactly one.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let digits = text.last == padding ? text.dropLast(text.dropLast().last == padding ? 2 : 1) : text[...]
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in digits {
            guard let value = value(byte) else { return nil }
            bits = bits << 6 | value
            bitCount &+= 6
            if bitCount >= 8 {
                bitCount &-= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(truncatingIfNeeded: bitCount)))
                bits &= (1 << UInt32(truncatingIfNeeded: bitCount)) &- 1
            }
        }
        return bits == 0 ? output : nil
    }

    private static func character(_ sixBits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: sixBits & 0x3F)
        switch value {
        case 0..<26: return value &+ UInt8(ascii: "A")
        case 26..<52: return value &- 26 &+ UInt8(ascii: "a")
        case 52..<62: return value &- 52 &+ UInt8(ascii: "0")
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character &- UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character &- UInt8(ascii: "a")) &+ 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character &- UInt8(ascii: "0")) &+ 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
