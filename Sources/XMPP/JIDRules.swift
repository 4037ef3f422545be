/// What RFC 7622 allows in each part of an address. Everything here takes any string and never traps.
enum JIDRules {
    /// UsernameCaseMapped (RFC 8265 §3.3) less the characters that RFC 7622 §3.3.1 forbids.
    static func localpart(_ text: String) -> String? {
        guard isLengthAllowed(text) else { return nil }
        var isReady = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "&", "'", "/", ":", "<", ">", "@", " ": return nil
            case "A"..."Z": isReady = false
            case "!"..."~": break
            default:
                guard isIdentifier(scalar) else { return nil }
                isReady = false
            }
        }
        guard !isReady else { return text }
        let lower = text.lowercased()
        return isLengthAllowed(lower) ? lower : nil
    }

    /// A host name or an address literal (RFC 7622 §3.2), without a trailing dot. Internationalised names are kept in
    /// Unicode, lower-case.
    static func domain(_ text: String) -> String? {
        var text = text
        if text.utf8.last == UInt8(ascii: ".") { text.unicodeScalars.removeLast() }
        guard isLengthAllowed(text) else { return nil }
        if text.utf8.first == UInt8(ascii: "[") {
            let isLiteral =
                text.utf8.last == UInt8(ascii: "]") && text.utf8.contains(UInt8(ascii: ":"))
                && text.utf8.dropFirst().dropLast().allSatisfy { byte in
                    isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                }
            return isLiteral ? text.lowercased() : nil
        }
        var previous = UInt32(UInt8(ascii: "."))
        var isReady = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9", "-", "_": break
            case ".": if previous == UInt32(UInt8(ascii: ".")) { return nil }
            case "A"..."Z": isReady = false
            default:
                guard scalar.value > 0x7F, isIdentifier(scalar) else { return nil }
                isReady = false
            }
            previous = scalar.value
        }
        guard previous != UInt32(UInt8(ascii: ".")) else { return nil }
        guard !isReady else { return text }
        let lower = text.lowercased()
        return isLengthAllowed(lower) ? lower : nil
    }

    /// OpaqueString (RFC 8265 §4.2): anything but control characters and unassigned code points; other spaces become
    /// U+0020.
    static func resource(_ text: String) -> String? {
        guard isLengthAllowed(text) else { return nil }
        var needsMapping = false
        for scalar in text.unicodeScalars where scalar.value < 0x20 || scalar.value > 0x7E {
            switch scalar.properties.generalCategory {
            case .control, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator: return nil
            case .spaceSeparator: needsMapping = true
            default: break
            }
        }
        guard needsMapping else { return text }
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            mapped.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
        }
        return String(mapped)
    }

    private static func isLengthAllowed(_ text: String) -> Bool {
        let count = text.utf8.count
        return count > 0 && count <= JID.maximumPartLength
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// IdentifierClass (RFC 8264 §4.2) above ASCII: letters, digits and marks.
    private static func isIdentifier(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value > 0x7F else { return scalar.value > 0x20 && scalar.value < 0x7F }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .decimalNumber, .nonspacingMark,
            .spacingMark:
            return !scalar.properties.isDefaultIgnorableCodePoint
        default: return false
        }
    }
}
