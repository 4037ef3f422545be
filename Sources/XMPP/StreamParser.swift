/// Reads XML that a peer sends (RFC 6120 §11): whole documents, or an endless stream of stanzas.
///
/// A piece is collected until it is complete, and then libxml2 reads it as a document of its own; a stanza of a stream
/// stands inside the stream's header for that. So nothing of libxml2 is alive between two stanzas: no half-read tag,
/// and no table of names that grows with everything a peer has ever said.
///
/// One parser of documents serves all connections (`parseDocument`); a stream needs a parser to itself.
package final class StreamParser {
    package enum Mode: Sendable {
        /// One root element and nothing else: a WebSocket message (RFC 7395 §3.3.3), the body of a BOSH request.
        case document
        /// A header, the stanzas inside, an end tag (RFC 6120 §4.2): a TCP stream.
        case stream
    }

    package enum Event: Hashable {
        /// The start tag of the stream, without children.
        case streamOpened(Element)
        /// A complete stanza; in document mode, the root.
        case element(Element)
        /// A copy of a stanza that came before, for this address. Only in stream mode.
        case copy(RepeatedStanza, to: JID)
        /// A stanza that was read over: it broke a limit or a rule. The element has its attributes and nothing inside; nil
        /// when not even these are fit to be read. Only with `skipsBadStanzas`.
        case skipped(Element?, StreamError)
        /// The end tag of the stream. Nothing but white space may follow.
        case streamClosed
    }

    let limits: XMLLimits
    let mode: Mode
    let tree: XMLTreeParser
    private let skipsBadStanzas: Bool
    private var scanner: XMLScanner
    /// The header, and behind it as much as has come of the piece at hand.
    private var buffer: [UInt8] = []
    /// Bytes of the header in `buffer`, and the end tag that goes with it.
    private var headerCount = 0
    private var endTag: [UInt8] = []
    private var failure: StreamError?
    private var repeated = RepeatedStanzas()
    /// The beginning of what may become a copy, not looked at by the scanner yet. No longer than what is remembered.
    private var begun: [UInt8] = []

    /// - Parameters:
    ///   - contentNamespace: Elements of this namespace come out in `jabber:client`; for links whose stanzas are the
    ///     same under another name, such as `jabber:component:accept` (XEP-0114).
    ///   - skipsBadStanzas: A stanza past a limit, or one that libxml2 refuses, is read over and reported, and the stream
    ///     goes on. For links that carry the stanzas of strangers: none of them must be able to end it.
    package init(
        mode: Mode, limits: XMLLimits = XMLLimits(), contentNamespace: String = Namespace.client,
        skipsBadStanzas: Bool = false
    ) {
        self.mode = mode
        self.limits = limits
        self.skipsBadStanzas = skipsBadStanzas
        scanner = XMLScanner(mode: mode, limits: limits, skipsExcess: skipsBadStanzas)
        tree = XMLTreeParser(limits: limits, contentNamespace: contentNamespace)
    }

    /// Forgets everything, for a new stream: after a restart (RFC 6120 §4.3.3) or an error.
    package func reset() {
        scanner = XMLScanner(mode: mode, limits: limits, skipsExcess: skipsBadStanzas)
        buffer = []
        headerCount = 0
        endTag = []
        failure = nil
        repeated.removeAll()
        begun = []
    }

    /// Takes what has come from the peer, in any portions.
    ///
    /// Events that were complete before an error are in `events` when it is thrown, so that the outcome does not depend
    /// on how the bytes were cut. After an error nothing is read any more until `reset()`; it is thrown again.
    ///
    /// - Throws: `not-well-formed`, `restricted-xml`, `unsupported-encoding`; `bad-format` for text between stanzas;
    ///   `policy-violation` past a limit.
    package func feed(_ bytes: Span<UInt8>, into events: inout [Event]) throws(StreamError) {
        if let failure { throw failure }
        do {
            guard !begun.isEmpty else { return try read(bytes, into: &events) }
            var joined: [UInt8] = []
            swap(&joined, &begun)
            bytes.withUnsafeBufferPointer { joined.append(contentsOf: $0) }
            try read(joined.span, into: &events)
        } catch {
            failure = error
            buffer = []
            throw error
        }
    }

    private func read(_ bytes: Span<UInt8>, into events: inout [Event]) throws(StreamError) {
        var index = 0
        while index < bytes.count {
            if scanner.isBetween {
                if mode == .stream, scanner.place == .content {
                    guard let next = readCopies(bytes, from: index, into: &events) else { return }
                    index = next
                }
                guard let start = try scanner.beginning(in: bytes, from: index) else { return }
                buffer.append(UInt8(ascii: "<"))
                index = start + 1
                continue
            }
            // The scanner stops where the limit is, so that an error behind it is never seen, however the bytes come.
            let left = scanner.allowance - (buffer.count - headerCount)
            if left <= 0, scanner.excess == nil { try scanner.exceed("Too large.") }
            let limit = scanner.excess == nil ? min(bytes.count, index + left) : bytes.count
            let end = try scanner.end(in: bytes, from: index, to: limit)
            // Of what is read over only as much is kept as a stanza may have: its head is there.
            let taken = bytes.extracting(index..<min(end ?? limit, index + max(left, 0)))
            taken.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
            index = end ?? limit
            if end != nil { try take(scanner.piece, into: &events) }
        }
    }

    /// Takes the copies that stand at `start`, past the scanner: it has seen every byte of them but the address. Returns where they end,
    /// or nil when that is not decided yet.
    private func readCopies(_ bytes: Span<UInt8>, from start: Int, into events: inout [Event]) -> Int? {
        var index = start
        while true {
            while index < bytes.count, XMLScanner.isSpace(bytes[index]) { index += 1 }
            switch repeated.match(bytes, from: index, limit: limits.stanzaBytes) {
            case .none: return index
            case .incomplete:
                begun = [UInt8](bytes.extracting(index...))
                return nil
            case .copy(let stanza, let address, let end):
                events.append(.copy(stanza, to: address))
                index = end
            case .element(let element, let end):
                events.append(.element(element))
                index = end
            }
        }
    }

    /// A piece is complete in `buffer`.
    private func take(_ piece: XMLScanner.Piece, into events: inout [Event]) throws(StreamError) {
        // Taken out for a while: a property has no span that outlives one expression.
        var document: [UInt8] = []
        swap(&document, &buffer)
        switch piece {
        case .declaration:
            try XMLDeclaration.check(document.span)
        case .header:
            headerCount = document.count
            endTag = StreamParser.endTag(for: document)
            document.append(contentsOf: endTag)
            events.append(.streamOpened(try tree.parse(document.span, at: 0)))
        case .element:
            events.append(try element(&document))
        case .footer:
            _ = try tree.parse(document.span, at: 0)
            events.append(.streamClosed)
        }
        document.removeSubrange(headerCount...)
        swap(&document, &buffer)
    }

    private func element(_ document: inout [UInt8]) throws(StreamError) -> Event {
        if let excess = scanner.excess { return .skipped(head(of: document), excess) }
        let count = document.count
        do throws(StreamError) {
            document.append(contentsOf: endTag)
            let element = try tree.parse(document.span, at: mode == .stream ? 1 : 0)
            if mode == .stream { repeated.remember(document.span.extracting(headerCount..<count), element) }
            return .element(element)
        } catch {
            guard skipsBadStanzas, mode == .stream else { throw error }
            document.removeSubrange(count...)
            return .skipped(head(of: document), error)
        }
    }

    /// The start tag of a stanza that was not read, as an element without content.
    private func head(of document: [UInt8]) -> Element? {
        let stanza = document[headerCount...]
        guard let end = StreamParser.startTagEnd(stanza) else { return nil }
        let isEmpty = stanza[..<end].last == UInt8(ascii: "/")
        let tag = Array(document[..<end]) + (isEmpty ? [] : [UInt8(ascii: "/")]) + [UInt8(ascii: ">")] + endTag
        return try? tree.parse(tag.span, at: 1)
    }

    /// The index of the `>` that ends the tag; quotes may hold others.
    private static func startTagEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        var quote: UInt8?
        for index in bytes.indices {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return index
            }
        }
        return nil
    }

    /// The end tag for a start tag.
    private static func endTag(for startTag: [UInt8]) -> [UInt8] {
        let name = startTag.dropFirst().prefix { !XMLScanner.isSpace($0) && $0 != UInt8(ascii: ">") }
        return Array("</".utf8) + name + [UInt8(ascii: ">")]
    }
}
