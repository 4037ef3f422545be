/// One byte of markup each. Those that may end a piece tell whether they did.
extension XMLScanner {
    /// The byte after a `<`.
    mutating func tagOpen(_ byte: UInt8) throws(StreamError) {
        switch byte {
        case UInt8(ascii: "?"):
            guard place == .start else { throw XMLScanner.restricted("Processing instructions") }
            piece = .declaration
            state = .declaration
            matched = 0
        case UInt8(ascii: "!"):
            state = .bang
            matched = 0
        case UInt8(ascii: "/"):
            if depth == 0 {
                guard place == .content else { throw XMLScanner.malformed("An end tag without its start tag.") }
                piece = .footer
            }
            state = .endTag
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            try openElement()
        default:
            throw XMLScanner.malformed("A < that begins no tag.")
        }
    }

    private mutating func openElement() throws(StreamError) {
        if depth == 0 {
            guard place != .epilog else { throw XMLScanner.malformed("A second root element.") }
            piece = mode == .stream && place != .content ? .header : .element
        }
        if depth >= limits.depth { try exceed("Elements are nested too deep.") }
        if elements >= limits.elements { try exceed("Too many elements.") }
        depth += 1
        elements += 1
        attributes = 0
        state = .startTag
    }

    mutating func startTag(_ byte: UInt8) throws(StreamError) -> Bool {
        switch byte {
        case UInt8(ascii: ">"):
            state = .text
            return piece == .header
        case UInt8(ascii: "/"):
            state = .slash
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            if attributes >= limits.attributes { try exceed("Too many attributes.") }
            attributes += 1
            quote = byte
            state = .quoted
        case UInt8(ascii: "<"):
            throw XMLScanner.malformed("A < inside a tag.")
        default:
            break
        }
        return false
    }

    mutating func quoted(_ byte: UInt8) throws(StreamError) {
        if byte == quote {
            state = .startTag
        } else if byte == UInt8(ascii: "<") {
            throw XMLScanner.malformed("A < inside an attribute.")
        }
    }

    /// The byte after the `/` of `<empty/>`.
    mutating func slash(_ byte: UInt8) throws(StreamError) -> Bool {
        guard byte == UInt8(ascii: ">") else { throw XMLScanner.malformed("A / inside a tag.") }
        // A stream that closes with its very header has nothing to say.
        guard piece != .header else { throw StreamError(.badFormat, "A stream is no empty element.") }
        return closeElement()
    }

    mutating func endTag(_ byte: UInt8) throws(StreamError) -> Bool {
        switch byte {
        case UInt8(ascii: ">"): return piece == .footer || closeElement()
        case UInt8(ascii: "<"): throw XMLScanner.malformed("A < inside a tag.")
        default: return false
        }
    }

    private mutating func closeElement() -> Bool {
        state = .text
        depth -= 1
        return depth == 0
    }

    /// Behind `<!` only `[CDATA[` is allowed, and that only inside an element.
    mutating func bang(_ byte: UInt8) throws(StreamError) {
        let expected: StaticString = "[CDATA["
        let next = expected.withUTF8Buffer { matched < $0.count ? $0[matched] : 0 }
        guard byte == next else {
            guard matched == 0 else { throw XMLScanner.malformed("A <![ that begins no CDATA section.") }
            switch byte {
            case UInt8(ascii: "-"): throw XMLScanner.restricted("Comments")
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): throw XMLScanner.restricted("Document type declarations")
            default: throw XMLScanner.malformed("A <! that begins nothing.")
            }
        }
        guard depth > 0 else {
            throw StreamError(place == .content ? .badFormat : .notWellFormed, "Character data outside of an element.")
        }
        matched += 1
        if matched == expected.utf8CodeUnitCount {
            state = .cdata
            matched = 0
        }
    }

    mutating func cdata(_ byte: UInt8) {
        if byte == UInt8(ascii: "]") {
            matched = min(matched + 1, 2)
        } else {
            if byte == UInt8(ascii: ">"), matched == 2 { state = .text }
            matched = 0
        }
    }

    mutating func declaration(_ byte: UInt8) throws(StreamError) -> Bool {
        guard declarationCount < XMLDeclaration.maximumLength else {
            throw XMLScanner.excessive("The XML declaration is too long.")
        }
        declarationCount += 1
        let isComplete = byte == UInt8(ascii: ">") && matched == 1
        matched = byte == UInt8(ascii: "?") ? 1 : 0
        return isComplete
    }

    private static func restricted(_ what: String) -> StreamError {
        StreamError(.restrictedXML, what + " are not allowed.")
    }

    static func excessive(_ text: String) -> StreamError { StreamError(.policyViolation, text) }
}
