import XMPP

/// Which nicks a room takes.
///
/// Nicks are compared as Swift compares strings: by canonical equivalence, with upper and lower case distinct.
package enum NickRules {
    /// The nick as the room will use it: spaces at either end are dropped, several in a row become one.
    ///
    /// - Throws: `jid-malformed` without a nick (XEP-0045 §7.2.1), `not-acceptable` for one that is too long or holds
    ///   what cannot be seen.
    package static func prepare(_ nick: String?, maximumLength: Int) throws(StanzaError) -> String {
        guard let nick else { throw .jidMalformed("Join with a nick: room@service/nick.") }
        let prepared = squeezed(nick)
        guard prepared.utf8.count <= maximumLength else {
            throw .notAcceptable("A nick has at most \(maximumLength) bytes.")
        }
        guard isVisible(prepared) else {
            throw .notAcceptable("A nick needs visible characters, and only such.")
        }
        return prepared
    }

    private static func squeezed(_ nick: String) -> String {
        nick.unicodeScalars.split { $0.properties.generalCategory == .spaceSeparator }
            .map { String($0) }.joined(separator: " ")
    }

    /// No control, format or other invisible characters, except joiners and variation selectors where they shape
    /// what is seen; and at least one character that stands by itself.
    private static func isVisible(_ nick: String) -> Bool {
        let scalars = Array(nick.unicodeScalars)
        var hasBase = false
        for (index, scalar) in scalars.enumerated() {
            let previous = index > 0 ? scalars[index - 1] : nil
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            switch scalar.value {
            case 0x21...0x7E: hasBase = true
            case 0x20: break
            case 0x200D: guard joins(previous, next) else { return false }
            case 0x200C: guard previous?.properties.canonicalCombiningClass == .virama else { return false }
            case 0xFE0E, 0xFE0F: guard varies(previous, next) else { return false }
            case 0x2800: return false  // BRAILLE PATTERN BLANK
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                    return false
                case .nonspacingMark, .enclosingMark, .spacingMark, .spaceSeparator: break
                default: hasBase = true
                }
                guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
            }
        }
        return hasBase
    }

    /// ZERO WIDTH JOINER: between emoji, or after a virama (RFC 5892 A.2).
    private static func joins(_ previous: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
        guard let previous else { return false }
        if previous.properties.canonicalCombiningClass == .virama { return true }
        guard let next else { return false }
        return isEmoji(next) && (isEmoji(previous) || previous.value == 0xFE0F)
    }

    /// A variation selector: after an emoji, or between a digit and the keycap.
    private static func varies(_ previous: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
        guard let previous else { return false }
        return isEmoji(previous) || (previous.properties.isEmoji && next?.value == 0x20E3)
    }

    /// Emoji above ASCII, modifiers of the skin's colour among them; `isEmoji` alone counts digits.
    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x7F && scalar.properties.isEmoji
    }
}
