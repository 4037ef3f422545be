/// Checks UTF-8 that comes in pieces (RFC 3629): no overlong forms, no surrogates, nothing over U+10FFFF.
struct UTF8Validator: Sendable {
    private var missing = 0
    /// What the next continuation byte may be; narrower only behind the lead bytes E0, ED, F0 and F4.
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    /// Whether the bytes so far end with a whole character.
    var isComplete: Bool { missing == 0 }

    /// False at the first byte that cannot be part of UTF-8; the validator is of no use after that.
    mutating func accept(_ bytes: Span<UInt8>) -> Bool {
        let count = bytes.count
        var index = 0
        while index < count {
            if missing == 0 {
                index = Self.skipASCII(bytes, from: index)
                guard index < count else { return true }
                guard begin(bytes[index]) else { return false }
            } else {
                let byte = bytes[index]
                guard byte >= lower, byte <= upper else { return false }
                lower = 0x80
                upper = 0xBF
                missing &-= 1
            }
            index &+= 1
        }
        return true
    }

    private static func skipASCII(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while bytes.count &- index >= 16 {
            let block = bytes.extracting(index..<(index &+ 16))
            var union: UInt8 = 0
            for lane in 0..<16 { union |= block[lane] }
            guard union < 0x80 else { break }
            index &+= 16
        }
        while index < bytes.count, bytes[index] < 0x80 { index &+= 1 }
        return index
    }

    private mutating func begin(_ lead: UInt8) -> Bool {
        switch lead {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF: missing = 2
        case 0xF0...0xF4: missing = 3
        default: return false
        }
        switch lead {
        case 0xE0: lower = 0xA0
        case 0xED: upper = 0x9F
        case 0xF0: lower = 0x90
        case 0xF4: upper = 0x8F
        default: break
        }
        return true
    }
}
