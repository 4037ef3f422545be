/// JID escaping: writes characters that a localpart may not contain as `\hh` (XEP-0106).
///
/// Only the ten sequences of XEP-0106 §3 exist, in lower-case hexadecimal; any other backslash is itself.
package enum JIDEscaping {
    /// Escapes a string for use as a localpart (XEP-0106 §4.2).
    ///
    /// Spaces at either end are dropped, because a localpart may neither begin nor end with an escaped space. A
    /// backslash is escaped only where it would otherwise read as the beginning of an escape.
    package static func escape(_ text: String) -> String {
        let bytes = trimmed(Array(text.utf8))
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let escaped = byte == backslash ? decoded(bytes, at: index) != nil : isEscapable(byte)
            if escaped {
                output.append(contentsOf: [backslash, hexDigit(byte >> 4), hexDigit(byte & 0x0F)])
            } else {
                output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Undoes `escape` (XEP-0106 §4.3): a single pass, so that `\5c20` gives `\20` and not a space.
    ///
    /// A `\20` at either end is no escape and stays as it is.
    package static func unescape(_ localpart: String) -> String {
        let bytes = Array(localpart.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let isEdge = index == 0 || index == bytes.count - 3
            if let byte = decoded(bytes, at: index), !(byte == space && isEdge) {
                output.append(byte)
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let backslash = UInt8(ascii: "\\")
    private static let space = UInt8(ascii: " ")

    /// The characters of XEP-0106 §3 but the backslash, which has a rule of its own.
    private static func isEscapable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x22, 0x26, 0x27, 0x2F, 0x3A, 0x3C, 0x3E, 0x40: true
        default: false
        }
    }

    /// The character that the escape beginning at `index` stands for, or nil when none begins there.
    private static func decoded(_ bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, bytes[index] == backslash,
            let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
        else { return nil }
        let byte = high << 4 | low
        return byte == backslash || isEscapable(byte) ? byte : nil
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var slice = bytes[...]
        while slice.first == space { slice.removeFirst() }
        while slice.last == space { slice.removeLast() }
        return Array(slice)
    }
}
