/// Escaping of character data and attribute values (XML 1.0 §2.4, §3.3.3).
///
/// Tab, newline and CR in an attribute and CR in text are written as references, because every parser normalises the
/// literal characters away. Characters that XML 1.0 §2.2 has no place for at all become U+FFFD: our own strings come
/// from parsed XML and never hold one, but what an operator configures might.
enum XMLText {
    static func appendText(_ text: String, to bytes: inout [UInt8]) {
        append(text, isAttribute: false, to: &bytes)
    }

    static func appendAttribute(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: "='".utf8)
        append(value, isAttribute: true, to: &bytes)
        bytes.append(UInt8(ascii: "'"))
    }

    private static func append(_ text: String, isAttribute: Bool, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            let source = utf8.span
            var written = 0
            var index = 0
            while index < source.count {
                let byte = source[index]
                let replacement: StaticString
                var width = 1
                switch byte {
                case UInt8(ascii: "&"): replacement = "&amp;"
                case UInt8(ascii: "<"): replacement = "&lt;"
                case UInt8(ascii: ">"): replacement = "&gt;"
                case UInt8(ascii: "'") where isAttribute: replacement = "&apos;"
                case UInt8(ascii: "\"") where isAttribute: replacement = "&quot;"
                case UInt8(ascii: "\t") where isAttribute: replacement = "&#x9;"
                case UInt8(ascii: "\n") where isAttribute: replacement = "&#xA;"
                case UInt8(ascii: "\r"): replacement = "&#xD;"
                case UInt8(ascii: "\t"), UInt8(ascii: "\n"):
                    index += 1
                    continue
                case 0..<0x20: replacement = "\u{FFFD}"
                case 0xEF where isNoncharacter(source, at: index):
                    replacement = "\u{FFFD}"
                    width = 3
                default:
                    index += 1
                    continue
                }
                bytes.append(contentsOf: utf8[written..<index])
                replacement.withUTF8Buffer { bytes.append(contentsOf: $0) }
                index += width
                written = index
            }
            bytes.append(contentsOf: utf8[written...])
        }
    }

    /// U+FFFE and U+FFFF, `EF BF BE` and `EF BF BF`.
    private static func isNoncharacter(_ source: Span<UInt8>, at index: Int) -> Bool {
        index + 2 < source.count && source[index + 1] == 0xBF && source[index + 2] >= 0xBE
    }
}
