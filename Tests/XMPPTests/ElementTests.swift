import Testing
import XMPP

struct ElementTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let element: Element
        let text: String
        var testDescription: String { name }

        init(_ name: String, _ element: Element, _ text: String) {
            self.name = name
            self.element = element
            self.text = text
        }
    }

    private static let xml = Element("a", Namespace.xml)

    static let samples: [Sample] = [
        Sample("an empty element", Element("a", "b", []), "<a xmlns='b'/>"),
        Sample("no namespace", Element("a", "", []), "<a xmlns=''/>"),
        Sample("empty text", Element("a", "b", text: ""), "<a xmlns='b'/>"),
        Sample("markup in text", Element("a", "b", text: "<&>\"'"), "<a xmlns='b'>&lt;&amp;&gt;\"'</a>"),
        Sample("the end of CDATA in text", Element("a", "b", text: "]]>"), "<a xmlns='b'>]]&gt;</a>"),
        Sample("line ends in text", Element("a", "b", text: "\t\n\r\r\n"), "<a xmlns='b'>\t\n&#xD;&#xD;\n</a>"),
        Sample(
            "markup in a value", Element("a", "b", ["c": "<&>\"'"]), "<a xmlns='b' c='&lt;&amp;&gt;&quot;&apos;'/>"),
        Sample("line ends in a value", Element("a", "b", ["c": "\t\n\r"]), "<a xmlns='b' c='&#x9;&#xA;&#xD;'/>"),
        Sample("markup in a namespace", Element("a", "<'&", []), "<a xmlns='&lt;&apos;&amp;'/>"),
        Sample("an attribute that is nil", Element("a", "b", ["c": nil, "d": "e"]), "<a xmlns='b' d='e'/>"),
        Sample(
            "children in the same namespace, another, none",
            Element(
                "a", "b", [Element("c", "b", []), Element("d", "e", [Element("f", "b", [])]), Element("g", "", [])]),
            "<a xmlns='b'><c/><d xmlns='e'><f xmlns='b'/></d><g xmlns=''/></a>"),
        Sample(
            "attributes with namespaces",
            Element(
                "a", "b",
                attributes: [
                    .init(name: "lang", namespace: Namespace.xml, value: "en"),
                    .init(name: "c", namespace: "d", value: "e"), .init(name: "c", namespace: "f", value: "g"),
                ]),
            "<a xmlns='b' xml:lang='en' xmlns:n0='d' n0:c='e' xmlns:n1='f' n1:c='g'/>"),
        // Namespaces in XML §3: that namespace must not be declared as a default.
        Sample("an element of the xml namespace", xml, "<xml:a/>"),
        Sample(
            "elements around and in one of the xml namespace",
            Element(
                "b", "c", [Element("a", Namespace.xml, [Element("d", "c", []), xml, Element("e", "f", [])])]),
            "<b xmlns='c'><xml:a><d/><xml:a/><e xmlns='f'/></xml:a></b>"),
        Sample(
            "what XML has no place for", Element("a", "b", text: "\0\u{1B}\u{FFFE}\u{FFFF}x"),
            "<a xmlns='b'>\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}x</a>"),
        Sample("characters above ASCII", Element("é", "b", text: "\u{7F}ﾟ😀"), "<é xmlns='b'>\u{7F}ﾟ😀</é>"),
    ]

    @Test(arguments: samples) func anElementIsWrittenSoThatEveryParserReadsItBack(_ sample: Sample) throws {
        #expect(sample.element.description == sample.text)
        let parsed = try parse(sample.element.serialized)
        #expect(parsed.serialized == sample.element.serialized)
        if sample.name != "what XML has no place for" { #expect(parsed == sample.element) }
    }

    @Test func aNamespaceInForceIsNotDeclaredAgain() {
        var bytes: [UInt8] = []
        Element("a", "b", [Element("c", "d", [])]).serialize(into: &bytes, scope: "b")
        #expect(String(decoding: bytes, as: UTF8.self) == "<a><c xmlns='d'/></a>")
        bytes = []
        Element("a", "", []).serialize(into: &bytes, scope: "")
        #expect(String(decoding: bytes, as: UTF8.self) == "<a/>")
    }

    @Test func attributesAreReadSetAndRemoved() {
        var element = Element("a", "b", ["c": "d"])
        #expect(element["c"] == "d" && element["lang"] == nil)
        element["c"] = "e"
        element["f"] = "g"
        element["none"] = nil
        element.lang = "en"
        #expect(element.description == "<a xmlns='b' c='e' f='g' xml:lang='en'/>")
        #expect(element.lang == "en" && element["lang"] == nil)
        element["c"] = nil
        element.lang = nil
        #expect(element == Element("a", "b", ["f": "g"]))
    }

    @Test func childrenAndTextAreFoundInOrder() {
        let element = Element(
            "a", "b",
            nodes: [.text("1"), .element(Element("c", "b", text: "2")), .text("3"), .element(Element("c", "d", []))])
        #expect(element.children.map(\.namespace) == ["b", "d"])
        #expect(element.text == "13")
        #expect(element.child("c", "d") == Element("c", "d", []))
        #expect(element.child("c", "b")?.text == "2" && element.child("a", "b") == nil)
        #expect(element.isNamed("a", "b") && !element.isNamed("a", "d"))
    }

    @Test func errorsAreWrittenAsRFC6120Says() {
        #expect(
            StreamError(.notWellFormed, "No.").element.description
                == "<error xmlns='http://etherx.jabber.org/streams'>"
                + "<not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>No.</text></error>")
        #expect(
            StanzaError.forbidden().element(by: JID("a@b")).description
                == "<error xmlns='jabber:client' type='auth' by='a@b'>"
                + "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>")
    }
}
