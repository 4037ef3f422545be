import XMPP

/// What a parser makes of its input: the events, and what it refused with.
struct Reading: Equatable {
    var events: [StreamParser.Event] = []
    var refusal: StreamError.Condition?

    /// Feeds a new parser with the pieces, one after the other.
    init(
        _ pieces: [[UInt8]], mode: StreamParser.Mode, limits: XMLLimits = XMLLimits(),
        contentNamespace: String = Namespace.client
    ) {
        let parser = StreamParser(mode: mode, limits: limits, contentNamespace: contentNamespace)
        for piece in pieces {
            do {
                try parser.feed(piece.span, into: &events)
            } catch {
                refusal = error.condition
            }
        }
    }

    /// The same bytes whole, at every split into two, and byte by byte.
    static func cuts(of bytes: [UInt8]) -> [[[UInt8]]] {
        var cuts = [[bytes], bytes.map { [$0] }]
        for index in bytes.indices.dropFirst() {
            cuts.append([Array(bytes[..<index]), Array(bytes[index...])])
        }
        return cuts
    }

    /// The readings of all cuts that differ from the reading of the whole: none, if all is well.
    static func differences(
        _ bytes: [UInt8], mode: StreamParser.Mode, limits: XMLLimits = XMLLimits()
    ) -> [Reading] {
        let whole = Reading([bytes], mode: mode, limits: limits)
        return cuts(of: bytes).map { Reading($0, mode: mode, limits: limits) }.filter { $0 != whole }
    }
}

/// Parses one document with a new parser.
func parse(_ text: String, limits: XMLLimits = XMLLimits()) throws(StreamError) -> Element {
    try parse(Array(text.utf8), limits: limits)
}

func parse(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(StreamError) -> Element {
    try StreamParser(mode: .document, limits: limits).parseDocument(bytes.span)
}

/// What a document is refused with; nil when it is accepted.
func refusal(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) -> StreamError.Condition? {
    do {
        _ = try parse(bytes, limits: limits)
        return nil
    } catch {
        return error.condition
    }
}
