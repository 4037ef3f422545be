import Testing
import XMPP

/// Copies of one stanza for many recipients, on a stream.
struct RepeatedStanzaTests {
    private static let header =
        "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>"

    /// What comes out, and how much of it as copies.
    private func read(
        _ stanzas: [String], step: Int = .max, limits: XMLLimits = XMLLimits()
    ) throws -> (stanzas: [Result<Stanza, Stanza.Refusal>], copies: Int) {
        let parser = StreamParser(mode: .stream, limits: limits, contentNamespace: "jabber:component:accept")
        var events: [StreamParser.Event] = []
        var rest = Array((Self.header + stanzas.joined()).utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(step))
            try parser.feed(piece.span, into: &events)
            rest = rest.dropFirst(piece.count)
        }
        var copies = 0
        let read: [Result<Stanza, Stanza.Refusal>] = events.compactMap { event in
            switch event {
            case .element(let element):
                return Result { () throws(Stanza.Refusal) in try Stanza(element) }
            case .copy(let stanza, let recipient):
                copies += 1
                var copy = stanza.stanza
                copy?.to = recipient
                return copy.map { .success($0) }
            case .streamOpened, .streamClosed, .skipped: return nil
            }
        }
        return (read, copies)
    }

    private func alone(_ stanza: String) throws -> Result<Stanza, Stanza.Refusal>? { try read([stanza]).stanzas.first }

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
            #expect(try read([first, stanza, first], step: step).stanzas == apart, "\(name)")
        }
    }

    @Test func aBrokenCopyIsStillBroken() {
        let first = "<message to='a@b/c' id='1'><body>hi</body></message>"
        #expect(throws: StreamError.self) { try read([first, first.replacing("a@b/c", with: "a<b")]) }
        #expect(throws: StreamError.self) { try read([first, first.replacing("hi", with: "&bad;")]) }
    }

    /// However the bytes are cut, and with white space between stanzas (RFC 6120 §4.6.1).
    @Test(arguments: [1, 7, 60, 100, Int.max]) func copiesAreRecognised(step: Int) throws {
        let recipients = ["a@b/c", "d@e/f", "a@b/c", "someone@with.a.longer.address/and-a-resource"]
        let stanzas = recipients.map { "<message to='\($0)' id='1'><body>hi</body></message> \n" }
        let result = try read(stanzas, step: step)
        #expect(result.stanzas == (try stanzas.map(alone)) && result.copies == 3)
    }

    @Test func roomsMaySpeakAtTheSameTime() throws {
        let stanzas: [String] = ["a@b/1", "a@b/2", "a@b/3"].flatMap { recipient in
            (1...3).map { room in "<message to='\(recipient)' id='\(room)'><body>hi</body></message>" }
        }
        let result = try read(stanzas)
        #expect(result.stanzas == (try stanzas.map(alone)) && result.copies == 6)
    }

    @Test func aCopyObeysTheLimitOfItsSize() throws {
        let first = "<message to='a@b/c'><body>hi</body></message>"
        var limits = XMLLimits()
        limits.stanzaBytes = first.utf8.count + 2
        let copy = first.replacing("a@b/c", with: "a@b/cde")
        #expect(try read([first, copy], limits: limits).copies == 1)
        let longer = first.replacing("a@b/c", with: "a@b/cdef")
        #expect(throws: StreamError.self) { try read([first, longer], limits: limits) }
    }

    @Test func whatBeginsLikeACopyAndIsNoneIsRead() throws {
        let first = "<message to='a@b/c'><body>hi</body></message>"
        let stanzas = [first, "<message to='a@b/c'><body>hi</body><x xmlns='y'/></message>", first]
        for step in 1...first.utf8.count {
            let result = try read(stanzas, step: step)
            #expect(result.stanzas == (try stanzas.map(alone)) && result.copies == 1, "\(step)")
        }
    }

    /// More addresses than there are places in the table of those that were parsed.
    @Test func everyCopyHasItsOwnAddress() throws {
        let names = (1...9_000).map(String.init) + (1...9_000).map(String.init)
        let result = try read(names.map { "<message to='\($0)@b/c'/>" })
        let addresses = try result.stanzas.map { try $0.get().to?.localpart }
        #expect(addresses == names && result.copies == names.count - 1)
    }
}
