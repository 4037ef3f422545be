import Testing
import XMPP

struct StreamModeTests {
    private static let header =
        "<?xml version='1.0'?>\n<stream:stream xmlns='jabber:component:accept' "
        + "xmlns:stream='http://etherx.jabber.org/streams' xmlns:x='urn:x' id='3BF96D32' from='a.example'>"

    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        /// What follows the header.
        let text: String
        /// Names of what comes out behind the header.
        let names: [String]
        let refusal: StreamError.Condition?
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ names: [String], _ refusal: StreamError.Condition? = nil) {
            self.name = name
            self.text = text
            self.names = names
            self.refusal = refusal
        }
    }

    static let samples: [Sample] = [
        Sample("nothing yet", "", []),
        Sample("a stanza", "<iq id='1'><query xmlns='urn:q'/></iq>", ["iq"]),
        Sample("two stanzas", "<iq/><message>a</message>", ["iq", "message"]),
        Sample("white space keeps it alive", " \n<iq/>\r\n\t<message/> ", ["iq", "message"]),
        Sample("a stanza that is not complete", "<iq/><message><body>a</body>", ["iq"]),
        Sample("prefixes of the header", "<x:a x:b='c'/><stream:features/>", ["a", "features"]),
        Sample("CDATA that looks like tags", "<iq><![CDATA[</iq><b>]]]></iq><message/>", ["iq", "message"]),
        Sample("tags in values", "<iq a='/>' b='>' c=\"'\"/><message/>", ["iq", "message"]),
        Sample("the end", "<iq/></stream:stream>", ["iq", "/"]),
        Sample("the end, with spaces", "</stream:stream > \n", ["/"]),
        Sample("another end tag", "<iq/></stream>", ["iq"], .notWellFormed),
        Sample("end tag with an attribute", "</stream:stream a='b'>", [], .notWellFormed),
        Sample("a stanza behind the end", "</stream:stream><iq/>", ["/"], .notWellFormed),
        Sample("text behind the end", "</stream:stream>a", ["/"], .notWellFormed),
        Sample("text between stanzas", "<iq/>a<iq/>", ["iq"], .badFormat),
        Sample("reference between stanzas", "<iq/>&#32;", ["iq"], .badFormat),
        Sample("CDATA between stanzas", "<iq/><![CDATA[a]]>", ["iq"], .badFormat),
        Sample("NUL between stanzas", "<iq/>\0", ["iq"], .notWellFormed),
        Sample("comment between stanzas", "<iq/><!-- -->", ["iq"], .restrictedXML),
        Sample("comment in a stanza", "<iq/><message><!-- --></message>", ["iq"], .restrictedXML),
        Sample("processing instruction", "<iq/><?a?>", ["iq"], .restrictedXML),
        Sample("declaration again", "<?xml version='1.0'?>", [], .restrictedXML),
        Sample("document type", "<!DOCTYPE a>", [], .restrictedXML),
        Sample("entity", "<iq>&a;</iq>", [], .restrictedXML),
        Sample("crossed tags", "<iq/><a><b></a></b><iq/>", ["iq"], .notWellFormed),
        Sample("undeclared prefix", "<iq/><y:a/><iq/>", ["iq"], .notWellFormed),
        Sample("prefix of an earlier stanza", "<iq xmlns:y='z'/><y:a/>", ["iq"], .notWellFormed),
        Sample("invalid character", "<iq>\u{FFFF}</iq>", [], .notWellFormed),
        Sample("stanza that closes the stream", "<iq></stream:stream>", [], .notWellFormed),
        Sample("a second header", "<stream:stream><iq/></stream:stream>", ["stream"]),
    ]

    @Test(arguments: samples) func aStreamIsReadStanzaByStanza(_ sample: Sample) {
        let bytes = Array((Self.header + sample.text).utf8)
        let reading = Reading([bytes], mode: .stream)
        #expect(reading.events.dropFirst().map(name) == sample.names)
        #expect(reading.refusal == sample.refusal)
        #expect(Reading.differences(bytes, mode: .stream).isEmpty)
    }

    static let headers: [Sample] = [
        Sample("without declaration", "<stream xmlns='a'>", ["stream"]),
        Sample("white space in front", " \n<stream>", ["stream"]),
        Sample("not complete", "<stream xmlns='a'", []),
        Sample("white space before the declaration", " <?xml version='1.0'?><stream>", [], .restrictedXML),
        Sample("XML 1.1", "<?xml version='1.1'?><stream>", [], .notWellFormed),
        Sample("latin-1", "<?xml version='1.0' encoding='latin1'?><stream>", [], .unsupportedEncoding),
        Sample("text", "HTTP/1.1 400 Bad Request", [], .notWellFormed),
        Sample("an empty element", "<stream/>", [], .badFormat),
        Sample("an end tag", "</stream>", [], .notWellFormed),
        Sample("a comment", "<!--", [], .restrictedXML),
        Sample("undeclared prefix", "<stream:stream>", [], .notWellFormed),
        Sample("attribute twice", "<stream a='' a=''>", [], .notWellFormed),
        Sample(
            "invalid UTF-8 declared away", "<?xml version='1.0' encoding='UTF-16'?><stream>", [], .unsupportedEncoding),
    ]

    @Test(arguments: headers) func aStreamBeginsWithItsHeader(_ sample: Sample) {
        let bytes = Array(sample.text.utf8)
        let reading = Reading([bytes], mode: .stream)
        #expect(reading.events.map(name) == sample.names)
        #expect(reading.refusal == sample.refusal)
        #expect(Reading.differences(bytes, mode: .stream).isEmpty)
    }

    private func name(_ event: StreamParser.Event) -> String {
        switch event {
        case .streamOpened(let element), .element(let element): element.name
        case .copy(let stanza, _): stanza.stanza?.kind.rawValue ?? ""
        case .skipped(let element, _): "!" + (element?.name ?? "")
        case .streamClosed: "/"
        }
    }

    @Test func theHeaderComesWithoutChildren() {
        let reading = Reading([Array(Self.header.utf8)], mode: .stream)
        let attributes: KeyValuePairs<String, String?> = ["id": "3BF96D32", "from": "a.example"]
        #expect(reading.events == [.streamOpened(Element("stream", Namespace.streams, attributes))])
    }

    @Test func theContentNamespaceComesOutAsJabberClient() {
        let text = "<iq><error/><a xmlns='urn:a'/></iq><b xmlns='\(Namespace.client)'/>"
        let bytes = Array((Self.header + text).utf8)
        let mapped = Reading([bytes], mode: .stream, contentNamespace: "jabber:component:accept")
        #expect(
            mapped.events.dropFirst() == [
                .element(
                    Element("iq", Namespace.client, [Element("error", Namespace.client), Element("a", "urn:a", [])])),
                .element(Element("b", Namespace.client)),
            ])
        let plain = Reading([bytes], mode: .stream)
        #expect(plain.events.dropFirst().first.map { "\($0)".contains("jabber:component:accept") } == true)
    }

    @Test func afterAnErrorNothingIsReadUntilReset() throws {
        let parser = StreamParser(mode: .stream)
        var events: [StreamParser.Event] = []
        #expect(throws: StreamError.self) { try parser.feed(Array("<a><b/>c".utf8).span, into: &events) }
        #expect(events.count == 2)
        #expect(throws: StreamError.self) { try parser.feed(Array("<d/>".utf8).span, into: &events) }
        #expect(events.count == 2)
        parser.reset()
        try parser.feed(Array("<?xml version='1.0'?><e xmlns='f'>".utf8).span, into: &events)
        try parser.feed(Array("<g/>".utf8).span, into: &events)
        #expect(events.dropFirst(2) == [.streamOpened(Element("e", "f", [])), .element(Element("g", "f", []))])
    }

    @Test func aStreamOfNewNamesDoesNotFillTheParser() throws {
        let parser = StreamParser(mode: .stream)
        var events: [StreamParser.Event] = []
        try parser.feed(Array("<stream xmlns='a'>".utf8).span, into: &events)
        for round in 0..<400 {
            let name = "n\(round)x" + String(repeating: "y", count: 15_000)
            try parser.feed(Array("<\(name) \(name)a=''/>".utf8).span, into: &events)
            #expect(events.last == .element(Element(name, "a", ["\(name)a": ""])))
            events.removeAll()
        }
    }
}
