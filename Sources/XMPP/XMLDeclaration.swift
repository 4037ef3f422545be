/// The XML declaration (XML 1.0 §2.8), read strictly. libxml2 never sees it, so nothing that a peer declares can change
/// how the rest is decoded.
enum XMLDeclaration {
    /// Bytes behind `<?`. A declaration is some 50 bytes; a longer one is refused while it is still incomplete.
    static let maximumLength = 256

    /// Checks `<?…?>`, which has to be the declaration of an XML 1.0 document in UTF-8 (RFC 6120 §11.5, §11.6).
    static func check(_ bytes: Span<UInt8>) throws(StreamError) {
        var text = bytes.indices.dropFirst(2).dropLast(2).map { bytes[$0] }[...]
        guard consume("xml", from: &text), let next = text.first, isSpace(next) else {
            throw StreamError(.restrictedXML, "Processing instructions are not allowed.")
        }
        guard let version = pseudoAttribute("version", from: &text) else { throw malformed }
        guard version.elementsEqual("1.0".utf8) else {
            throw StreamError(.notWellFormed, "Only XML 1.0 is spoken here.")
        }
        let encoding = pseudoAttribute("encoding", from: &text)
        let standalone = pseudoAttribute("standalone", from: &text)
        guard text.allSatisfy(isSpace) else { throw malformed }
        if let standalone, !standalone.elementsEqual("yes".utf8), !standalone.elementsEqual("no".utf8) {
            throw malformed
        }
        guard let encoding else { return }
        guard isEncodingName(encoding) else { throw malformed }
        guard encoding.map(lowercased).elementsEqual("utf-8".utf8) else {
            throw StreamError(.unsupportedEncoding, "Only UTF-8 is spoken here.")
        }
    }

    private static var malformed: StreamError { StreamError(.notWellFormed, "The XML declaration is malformed.") }

    /// Space, name, `=` and a quoted value; nil, and nothing consumed, when that is not what comes next.
    private static func pseudoAttribute(_ name: StaticString, from text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>?
    {
        var rest = text
        guard let first = rest.first, isSpace(first) else { return nil }
        rest = rest.drop(while: isSpace)
        guard consume(name, from: &rest) else { return nil }
        rest = rest.drop(while: isSpace)
        guard consume("=", from: &rest) else { return nil }
        rest = rest.drop(while: isSpace)
        guard let quote = rest.popFirst(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        guard let end = rest.firstIndex(of: quote) else { return nil }
        let value = rest[..<end]
        text = rest[end...].dropFirst()
        return value
    }

    private static func consume(_ expected: StaticString, from text: inout ArraySlice<UInt8>) -> Bool {
        let matches = expected.withUTF8Buffer { text.starts(with: $0) }
        if matches { text = text.dropFirst(expected.utf8CodeUnitCount) }
        return matches
    }

    /// EncName (XML 1.0 §4.3.3).
    private static func isEncodingName(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, isLetter(first) else { return false }
        return name.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: isLetter(byte)
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isSpace(_ byte: UInt8) -> Bool { XMLScanner.isSpace(byte) }
}
