import Testing
import XMPP

/// Copies of one stanza for many recipients, on a stream.
struct RepeatedStanzaTests {
    private static let header =
        "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>"

    private func read(_ stanzas: [String], step: Int = .max) throws -> [Element] {
        let parser = StreamParser(mode: .stream, contentNamespace: "jabber:component:accept")
        var events: [StreamParser.Event] = []
        var rest = Array((Self.header + stanzas.joined()).utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(step))
            try parser.feed(piece.span, into: &events)
            rest = rest.dropFirst(piece.count)
        }
        return events.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    private func alone(_ stanza: String) throws -> Element? { try read([stanza]).first }

    /// Each is preceded by the same stanza for `a@b/c`: what comes out must be what it is when it comes alone.
    @Test(arguments: [
        ("another recipient", "<message to='d@e/f' id='1'><body>hi</body></message>"),
        ("the same recipient", "<message to='a@b/c' id='1'><body>hi</body></message>"),
        ("a shorter recipient", "<message to='a' id='1'><body>hi</body></message>"),
        ("no recipient", "<message id='1'><body>hi</body></message>"),
        ("an empty recipient", "<message to='' id='1'><body>hi</body></message>"),
        ("another quote", "<message to=\"a@b/c\" id='1'><body>hi</body></message>"),
        ("a quote in quotes", "<message to=\"a@b/'\" id='1'><body>hi</body></message>"),
        ("an escaped recipient", "<message to='a@b/&amp;' id='1'><body>hi</body></message>"),
        ("a recipient beyond ASCII", "<message to='a@b/é' id='1'><body>hi</body></message>"),
        ("another body", "<message to='a@b/c' id='1'><body>ho</body></message>"),
        ("another id", "<message to='a@b/c' id='2'><body>hi</body></message>"),
        ("another attribute that ends in to", "<message xto='d' to='a@b/c' id='1'><body>hi</body></message>"),
        ("to in a value", "<message id=' to=' to='a@b/c'><body>hi</body></message>"),
        ("to in the body", "<message id='1'><body> to='a@b/c'</body></message>"),
        ("another kind", "<presence to='a@b/c' id='1'><body>hi</body></presence>"),
    ])
    func aCopyIsReadAsIfItCameAlone(_ name: String, _ stanza: String) throws {
        let first = "<message to='a@b/c' id='1'><body>hi</body></message>"
        for step in [Int.max, 1, 7] {
            let apart = try [alone(first), alone(stanza), alone(first)]
            #expect(try read([first, stanza, first], step: step) == apart, "\(name)")
        }
    }

    @Test func aBrokenCopyIsStillBroken() {
        let first = "<message to='a@b/c' id='1'><body>hi</body></message>"
        #expect(throws: StreamError.self) { try read([first, first.replacing("a@b/c", with: "a<b")]) }
        #expect(throws: StreamError.self) { try read([first, first.replacing("hi", with: "&bad;")]) }
    }
}
