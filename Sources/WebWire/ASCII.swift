/// The character classes of the protocol grammars (RFC 9110 §5.6, RFC 3986 §2), all of them ASCII.
extension UInt8 {
    static var horizontalTab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }

    init(ascii scalar: Unicode.Scalar) {
        self = UInt8(truncatingIfNeeded: scalar.value)
    }

    /// `tchar` of RFC 9110 §5.6.2: what methods and field names are made of.
    var isTokenCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x23...0x27, 0x21, 0x2A, 0x2B, 0x2D, 0x2E, 0x7C, 0x7E: true
        default: false
        }
    }

    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

    /// Visible ASCII, 0x21–0x7E.
    var isVisible: Bool { self > 0x20 && self < 0x7F }

    /// What a field value may hold: visible characters, space, tab and the bytes above ASCII (RFC 9110 §5.5).
    var isFieldValueCharacter: Bool { (self >= 0x20 && self != 0x7F) || self == .horizontalTab }

    /// Optional whitespace (RFC 9110 §5.6.3).
    var isBlank: Bool { self == .space || self == .horizontalTab }

    /// The value of a hexadecimal digit, either case.
    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self &- 0x30
        case 0x41...0x46: self &- 0x37
        case 0x61...0x66: self &- 0x57
        default: nil
        }
    }

    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

/// Comparisons and trimming that know only ASCII, as the protocols do.
enum ASCII {
    /// Whether two strings are equal when ASCII letters are compared without case.
    static func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
        let left = left.utf8
        let right = right.utf8
        guard left.count == right.count else { return false }
        return left.elementsEqual(right) { $0 == $1 || $0.lowercased == $1.lowercased }
    }

    /// A string with its ASCII letters in lower case; everything else stays.
    static func lowercased(_ text: some StringProtocol) -> String {
        String(decoding: text.utf8.map(\.lowercased), as: UTF8.self)
    }

    /// A list split at `separator`, each part without the blanks around it; empty parts stay.
    static func split(_ text: String, at separator: UInt8) -> [String] {
        text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { part in
            String(Substring(trimmed(part)))
        }
    }

    /// A text without the spaces and tabs around it.
    static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var rest = text
        while let first = rest.first, first.isBlank { rest.removeFirst() }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return rest
    }
}
