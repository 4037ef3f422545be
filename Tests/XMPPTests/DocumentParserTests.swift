import Testing
import XMPP

struct DocumentParserTests {
    @Test(arguments: XMLSample.restricted) func whatXMPPForbidsIsRestrictedXML(_ sample: XMLSample) {
        check(sample)
    }

    @Test(arguments: XMLSample.declarations) func onlyXML10InUTF8MayBeDeclared(_ sample: XMLSample) {
        check(sample)
    }

    @Test(arguments: XMLSample.namespaces) func namespacesAreStrict(_ sample: XMLSample) {
        check(sample)
    }

    @Test(arguments: XMLSample.characters) func onlyCharactersOfXMLInUTF8Pass(_ sample: XMLSample) {
        check(sample)
    }

    @Test(arguments: XMLSample.structure) func aDocumentIsOneCompleteElement(_ sample: XMLSample) {
        check(sample)
    }

    /// The sample as a document, and fed at every split.
    private func check(_ sample: XMLSample) {
        #expect(refusal(sample.bytes) == sample.refusal)
        #expect(Reading.differences(sample.bytes, mode: .document).isEmpty)
        // Fed in pieces, what is not complete may still become so.
        let reading = Reading([sample.bytes], mode: .document)
        if let refusal = reading.refusal { #expect(refusal == sample.refusal) }
        if sample.refusal == nil { #expect(reading.refusal == nil && reading.events.count == 1) }
    }

    @Test func aDocumentBecomesATree() throws {
        let text =
            "<?xml version='1.0'?>\n<message xmlns='jabber:client' xmlns:x='urn:x' type='chat' x:y='z' xml:lang='en'>"
            + "a&amp;b<![CDATA[<c>]]>&#x1F600;<x:d/> <body>hi</body></message>\n"
        let expected = Element(
            "message", Namespace.client,
            attributes: [
                .init(name: "type", value: "chat"), .init(name: "y", namespace: "urn:x", value: "z"),
                .init(name: "lang", namespace: Namespace.xml, value: "en"),
            ],
            nodes: [
                .text("a&b<c>😀"), .element(Element("d", "urn:x")), .text(" "),
                .element(Element("body", Namespace.client, text: "hi")),
            ])
        #expect(try parse(text) == expected)
    }

    @Test func lineEndsAndValuesAreNormalised() throws {
        let element = try parse("<a b='1\r\n2\n3\t4&#xD;&#xA;&#9;5'>6\r\n7\r8&#xD;9</a>")
        #expect(element["b"] == "1 2 3 4\r\n\t5")
        #expect(element.text == "6\n7\n8\r9")
    }

    @Test func referencesInTextAndInValuesAreTheSame() throws {
        let references = "&amp;&#38;&#x26;&lt;&#60;&gt;&apos;&quot;&#233;&#x1F600;&amp;lt;"
        let element = try parse("<a b='\(references)' xmlns:c='\(references)' c:d=''>\(references)</a>")
        #expect(element.text == "&&&<<>'\"é😀&lt;")
        #expect(element["b"] == element.text)
        #expect(element.attributes.last?.namespace == element.text)
    }

    @Test func longTextWithManyReferencesIsOneNode() throws {
        let element = try parse("<a>" + String(repeating: "é&lt;<![CDATA[&]]>", count: 2_000) + "</a>")
        #expect(element.nodes == [.text(String(repeating: "é<&", count: 2_000))])
    }

    @Test func spaceInFrontIsForBOSHOnly() throws {
        let bytes = Array(" \n<body/>".utf8)
        let parser = StreamParser(mode: .document)
        #expect(throws: StreamError.self) { try parser.parseDocument(bytes.span) }
        #expect(try parser.parseDocument(bytes.span, allowsLeadingSpace: true).name == "body")
        let declared = Array(" <?xml version='1.0'?><body/>".utf8)
        #expect(throws: StreamError.self) { try parser.parseDocument(declared.span, allowsLeadingSpace: true) }
    }

    @Test func oneParserReadsManyDocumentsGoodAndBad() throws {
        let parser = StreamParser(mode: .document)
        let samples =
            XMLSample.restricted + XMLSample.declarations + XMLSample.namespaces + XMLSample.characters
            + XMLSample.structure
        for sample in samples {
            var condition: StreamError.Condition?
            do { _ = try parser.parseDocument(sample.bytes.span) } catch { condition = error.condition }
            #expect(condition == sample.refusal, "\(sample.name)")
            #expect(try parser.parseDocument(Array("<b xmlns='c'>d</b>".utf8).span) == Element("b", "c", text: "d"))
        }
    }

    @Test(arguments: [
        "<a xmlns:p='q' xmlns='r'><b></c>", "<a xmlns:p='q' xmlns='r'><b>&", "<a xmlns:p='q'><b c='&d;'/></a>",
    ])
    func nothingOfARefusedDocumentReachesTheNext(_ refused: String) throws {
        let parser = StreamParser(mode: .document)
        #expect(throws: StreamError.self) { try parser.parseDocument(Array(refused.utf8).span) }
        #expect(throws: StreamError.self) { try parser.parseDocument(Array("<p:a/>".utf8).span) }
        #expect(try parser.parseDocument(Array("<a/>".utf8).span) == Element("a", ""))
    }

    @Test func namesThatAreNeverTheSameDoNotFillTheParser() throws {
        let parser = StreamParser(mode: .document)
        // Twice what libxml2's dictionary holds.
        for round in 0..<400 {
            let name = "n\(round)x" + String(repeating: "y", count: 12_000)
            let text = "<a xmlns='\(name)'><\(name)/><b \(name)a=''/></a>"
            #expect(try parser.parseDocument(Array(text.utf8).span).children.first?.name == name)
        }
    }
}
