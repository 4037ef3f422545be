/// IPv4 addresses in every form that browsers take: `127.1`, `0x7f.0.0.1`, `2130706433` (WHATWG URL, §3.5 "IPv4
/// parser").
enum IPv4Number {
    /// Whether a host that ends in this label must be an IPv4 address ("ends in a number checker").
    static func looksLikeNumber(_ label: ArraySlice<UInt8>) -> Bool {
        guard !label.isEmpty else { return false }
        if label.allSatisfy({ ASCII.digit($0) != nil }) { return true }
        return label.starts(with: "0x".utf8) && label.dropFirst(2).allSatisfy { ASCII.hexDigit($0) != nil }
    }

    /// The address that one to four numbers make; nil when one is none or too large. Labels are in lower case.
    static func address(_ labels: [ArraySlice<UInt8>]) -> UInt32? {
        guard labels.count <= 4, let last = labels.last.flatMap(number) else { return nil }
        var address: UInt64 = 0
        for label in labels.dropLast() {
            guard let value = number(label), value <= 255 else { return nil }
            address = address << 8 | value
        }
        let bitsLeft = UInt64(8 * (5 - labels.count))
        guard last < 1 << bitsLeft else { return nil }
        return UInt32(truncatingIfNeeded: address << bitsLeft | last)
    }

    /// A decimal, octal (`0…`) or hexadecimal (`0x…`) number; nil when it is none, or has over 32 bits.
    private static func number(_ label: ArraySlice<UInt8>) -> UInt64? {
        var digits = label
        var radix: UInt64 = 10
        if label.starts(with: "0x".utf8) {
            digits = label.dropFirst(2)
            radix = 16
        } else if label.count > 1, label.first == UInt8(ascii: "0") {
            digits = label.dropFirst()
            radix = 8
        }
        guard !label.isEmpty else { return nil }
        var value: UInt64 = 0
        for byte in digits {
            guard let digit = ASCII.hexDigit(byte), UInt64(digit) < radix else { return nil }
            value = value * radix + UInt64(digit)
            guard value <= UInt64(UInt32.max) else { return nil }
        }
        return value
    }
}
