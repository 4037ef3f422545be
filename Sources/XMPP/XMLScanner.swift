/// Finds where an element ends, one byte after the other, and refuses on the way what a limit or a rule forbids.
///
/// It stands in front of libxml2 and knows just enough of XML for that: tags, quotes and CDATA sections. libxml2 is
/// given complete elements only, so how the bytes were cut on their way makes no difference, nothing is read twice
/// while it is incomplete, and what breaks a limit costs no parse. Names, attributes, namespaces and characters are
/// libxml2's to judge. Should the two disagree about where an element ends, then it is not well-formed, and libxml2 says so.
struct XMLScanner {
    /// What the scanner cuts out of its input.
    enum Piece {
        /// `<?…?>`, at the very beginning only.
        case declaration
        /// The start tag of a stream.
        case header
        /// An element from its start tag to its end tag.
        case element
        /// The end tag of a stream.
        case footer
    }

    /// Where in the input the scanner is, pieces being the unit.
    enum Place {
        case start, prolog, content, epilog
    }

    enum State {
        case between, tagOpen, startTag, quoted, slash, endTag, bang, cdata, text, declaration
    }

    let mode: StreamParser.Mode
    let limits: XMLLimits
    var place = Place.start
    var state = State.between
    /// What the piece at hand turned out to be.
    var piece = Piece.element
    /// Elements that are open in the piece.
    var depth = 0
    /// Elements that began in the piece.
    var elements = 0
    /// Attributes of the tag at hand.
    var attributes = 0
    /// The quote that ends the attribute value at hand.
    var quote: UInt8 = 0
    /// How much of `[CDATA[`, `]]>` or `?>` the last bytes make.
    var matched = 0
    /// Bytes of the declaration so far.
    var declarationCount = 0
    /// A stanza of a stream that is past a limit is read to its end instead of refused on the spot.
    let skipsExcess: Bool
    /// What the piece at hand is past.
    private(set) var excess: StreamError?

    init(mode: StreamParser.Mode, limits: XMLLimits, skipsExcess: Bool = false) {
        self.mode = mode
        self.limits = limits
        self.skipsExcess = skipsExcess
    }

    /// The piece at hand is past a limit: throws, or notes it where stanzas are skipped.
    mutating func exceed(_ text: String) throws(StreamError) {
        let error = XMLScanner.excessive(text)
        guard skipsExcess, place == .content else { throw error }
        if excess == nil { excess = error }
    }

    /// Nothing is begun: the next `<` begins a piece.
    var isBetween: Bool { state == .between }

    /// Bytes that the piece at hand may have.
    var allowance: Int {
        switch place {
        case .start, .prolog: mode == .stream ? limits.headerBytes : limits.stanzaBytes
        case .content, .epilog: limits.stanzaBytes
        }
    }

    /// Skips white space between pieces; the index of the `<` that begins the next, or nil when none is there yet.
    mutating func beginning(in bytes: Span<UInt8>, from start: Int) throws(StreamError) -> Int? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<") {
                state = .tagOpen
                depth = 0
                elements = 0
                excess = nil
                return index
            }
            guard XMLScanner.isSpace(byte) else {
                guard place == .content, byte >= 0x20 else {
                    throw XMLScanner.malformed("Only one element and white space may stand here.")
                }
                throw StreamError(.badFormat, "Character data between stanzas.")
            }
            if place == .start { place = .prolog }
            index += 1
        }
        return nil
    }

    /// Takes bytes of the piece, `start` being the first that has not been taken and `limit` the one that must not be.
    /// Returns the index behind the piece, or nil when all bytes are taken and it goes on.
    mutating func end(in bytes: Span<UInt8>, from start: Int, to limit: Int) throws(StreamError) -> Int? {
        var index = start
        while index < limit {
            let byte = bytes[index]
            index += 1
            if byte < 0x20, !XMLScanner.isSpace(byte) { throw XMLScanner.malformed("A control character.") }
            var isComplete = false
            switch state {
            case .text: if byte == UInt8(ascii: "<") { state = .tagOpen }
            case .quoted: try quoted(byte)
            case .startTag: isComplete = try startTag(byte)
            case .endTag: isComplete = try endTag(byte)
            case .tagOpen, .between: try tagOpen(byte)
            case .slash: isComplete = try slash(byte)
            case .bang: try bang(byte)
            case .cdata: cdata(byte)
            case .declaration: isComplete = try declaration(byte)
            }
            if isComplete {
                finish()
                return index
            }
        }
        return nil
    }

    /// After a piece: where are we now?
    private mutating func finish() {
        state = .between
        switch piece {
        case .declaration: place = .prolog
        case .header: place = .content
        case .element: place = mode == .stream ? .content : .epilog
        case .footer: place = .epilog
        }
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    static func malformed(_ text: String) -> StreamError { StreamError(.notWellFormed, text) }
}
