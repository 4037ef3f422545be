/// The grammar of chunk extensions (RFC 9112 §7.1.1), without whitespace: `*( ";" token [ "=" ( token / quoted ) ] )`.
/// Nothing here understands any; they are checked so that no two parsers can read a chunk differently.
enum ChunkExtensions {
    static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        while let separator = rest.popFirst() {
            guard separator == UInt8(ascii: ";"), skipToken(&rest) else { return false }
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest.removeFirst()
            guard rest.first == UInt8(ascii: "\"") ? skipQuoted(&rest) : skipToken(&rest) else { return false }
        }
        return true
    }

    private static func skipToken(_ rest: inout ArraySlice<UInt8>) -> Bool {
        let count = rest.prefix(while: \.isTokenCharacter).count
        rest.removeFirst(count)
        return count > 0
    }

    /// The line has no control characters but tabs: what is left to watch is the backslash and the end.
    private static func skipQuoted(_ rest: inout ArraySlice<UInt8>) -> Bool {
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\"), rest.popFirst() == nil { return false }
        }
        return false
    }
}
