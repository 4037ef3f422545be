import Testing
import XMPP

struct XMLLimitsTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        /// A document that comes to this much of what is limited.
        let document: @Sendable (Int) -> String
        /// The most that is allowed.
        let limit: Int
        var testDescription: String { name }
    }

    private static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: max(count, 0))
    }

    /// 10 of everything, so that every split can be tried.
    private static var small: XMLLimits {
        var limits = XMLLimits(stanzaBytes: 1_000)
        limits.depth = 10
        limits.attributes = 10
        limits.elements = 10
        limits.namespaces = 10
        limits.namespaceBytes = 10
        return limits
    }

    static let samples: [Sample] = [
        Sample(name: "depth", document: { repeated("<a>", $0) + repeated("</a>", $0) }, limit: 10),
        Sample(
            name: "depth, the last one empty",
            document: { repeated("<a>", $0 - 1) + "<a/>" + repeated("</a>", $0 - 1) }, limit: 10),
        Sample(name: "elements", document: { "<a>" + repeated("<b/>", $0 - 1) + "</a>" }, limit: 10),
        Sample(
            name: "attributes", document: { "<a" + (0..<$0).map { " a\($0)=''" }.joined() + "/>" }, limit: 10),
        Sample(
            name: "namespace declarations of one element",
            document: { "<a" + (0..<$0).map { " xmlns:a\($0)='b'" }.joined() + "/>" }, limit: 10),
        Sample(
            name: "namespaces in scope",
            document: {
                (1..<$0).map { "<a xmlns:a\($0)='b'>" }.joined() + "<a xmlns='c' b=''/>" + repeated("</a>", $0 - 1)
            },
            limit: 10),
        Sample(
            name: "bytes of namespaces of elements",
            document: { "<a xmlns:b='12345'><b:d/><b:d/>" + ($0 > 10 ? "<c xmlns='d'/>" : "") + "</a>" }, limit: 10),
        Sample(
            name: "bytes of namespaces of attributes",
            document: { "<a xmlns:b='12345'" + ($0 > 10 ? " b:c=''" : "") + " b:d='' b:e=''/>" }, limit: 10),
        Sample(name: "bytes of text", document: { "<a>" + repeated("x", $0 - 7) + "</a>" }, limit: 1_000),
        Sample(name: "bytes of a value", document: { "<a b='" + repeated("x", $0 - 9) + "'/>" }, limit: 1_000),
        Sample(name: "bytes of a name", document: { "<a" + repeated("x", $0 - 4) + "/>" }, limit: 1_000),
        Sample(name: "bytes of a tag", document: { "<a" + repeated(" ", $0 - 4) + "/>" }, limit: 1_000),
        Sample(name: "bytes of CDATA", document: { "<a><![CDATA[" + repeated("]", $0 - 19) + "]]></a>" }, limit: 1_000),
    ]

    @Test(arguments: samples) func theLimitIsAllowedAndOneMoreIsNot(_ sample: Sample) {
        let most = Array(sample.document(sample.limit).utf8)
        let more = Array(sample.document(sample.limit + 1).utf8)
        #expect(refusal(most, limits: Self.small) == nil)
        #expect(refusal(more, limits: Self.small) == .policyViolation)
        for mode in [StreamParser.Mode.document, .stream] {
            let header = mode == .stream ? Array("<s>".utf8) : []
            #expect(Reading([header + most], mode: mode, limits: Self.small).refusal == nil)
            #expect(Reading([header + more], mode: mode, limits: Self.small).refusal == .policyViolation)
            #expect(Reading.differences(header + more, mode: mode, limits: Self.small).isEmpty)
        }
    }

    /// Whatever a peer begins and never ends.
    static let endless: [(name: String, begin: String, more: String)] = [
        ("name", "<", "a"), ("attribute name", "<a ", "b"), ("value", "<a b='", "c"), ("text", "<a>", "b"),
        ("white space in a tag", "<a", " "), ("CDATA", "<a><![CDATA[", "]"), ("end tag", "<a></a", " "),
        ("children", "<a>", "<b/>"), ("references", "<a>", "&lt;"), ("attributes", "<a ", "b='' "),
        ("depth", "", "<a>"),
        ("declaration", "<?xml ", " "), ("brackets", "<", "["),
    ]

    @Test(arguments: endless.map(\.name)) func nothingThatNeverEndsIsKeptBeyondTheLimit(_ name: String) throws {
        let (_, begin, more) = try #require(Self.endless.first { $0.name == name })
        for mode in [StreamParser.Mode.document, .stream] {
            let parser = StreamParser(mode: mode)
            var events: [StreamParser.Event] = []
            if mode == .stream, name != "declaration" { try parser.feed(Array("<s>".utf8).span, into: &events) }
            try parser.feed(Array(begin.utf8).span, into: &events)
            let bytes = Array(more.utf8)
            var count = 0
            var refusal: StreamError?
            while refusal == nil, count <= 66_000 {
                do { try parser.feed(bytes.span, into: &events) } catch { refusal = error }
                count += bytes.count
            }
            #expect(count <= 65_536 + 8)
            #expect(refusal?.condition == (name == "brackets" ? .notWellFormed : .policyViolation))
        }
    }

    @Test func whiteSpaceBetweenStanzasCountsForNothing() throws {
        let parser = StreamParser(mode: .stream, limits: Self.small)
        var events: [StreamParser.Event] = []
        let space = [UInt8](repeating: UInt8(ascii: " "), count: 700)
        for text in ["", "<s>", "<a/>", "<b/>"] {
            try parser.feed(space.span, into: &events)
            try parser.feed(Array(text.utf8).span, into: &events)
            try parser.feed(space.span, into: &events)
        }
        #expect(events.count == 3)
    }

    @Test func everyStanzaHasLimitsOfItsOwn() throws {
        let parser = StreamParser(mode: .stream, limits: Self.small)
        var events: [StreamParser.Event] = []
        try parser.feed(Array("<s>".utf8).span, into: &events)
        for _ in 0..<20 {
            let stanza =
                "<a b='c' d='e'>" + String(repeating: "<f/>", count: 9) + String(repeating: "g", count: 900) + "</a>"
            try parser.feed(Array(stanza.utf8).span, into: &events)
        }
        #expect(events.count == 21)
    }

    @Test func aHeaderHasALimitOfItsOwn() {
        let long = "<s a='" + String(repeating: "b", count: 4_096 - 8) + "'>"
        #expect(Reading([Array(long.utf8)], mode: .stream).refusal == nil)
        #expect(Reading([Array(long.utf8).dropLast() + [0x20, 0x3E]], mode: .stream).refusal == .policyViolation)
    }

    @Test func aStanzaNestedThirtyThousandDeepIsRefusedAtTheLimit() {
        let deep = String(repeating: "<a>", count: 30_000) + String(repeating: "</a>", count: 30_000)
        #expect(refusal(Array(deep.utf8)) == .policyViolation)
        var limits = XMLLimits(stanzaBytes: 1_000_000)
        #expect(refusal(Array(deep.utf8), limits: limits) == .policyViolation)
        #expect(Reading([Array(("<s>" + deep).utf8)], mode: .stream, limits: limits).refusal == .policyViolation)
        limits.depth = 64
        let most = String(repeating: "<a>", count: 64) + String(repeating: "</a>", count: 64)
        #expect(refusal(Array(most.utf8), limits: limits) == nil)
    }

    @Test func aLongNamespaceUsedByManyCannotSwellAStanza() throws {
        let name = String(repeating: "u", count: 500)
        let elements = "<a xmlns:b='\(name)'>" + String(repeating: "<b:c/>", count: 900) + "</a>"
        #expect(refusal(Array(elements.utf8)) == .policyViolation)
        let attributes = (0..<60).map { "<d b:e='' b:f\($0)='' b:g=''/>" }.joined()
        #expect(refusal(Array("<a xmlns:b='\(name)'>\(attributes)</a>".utf8)) == .policyViolation)
        // In the namespace of the parent it costs nothing.
        let nested = try parse("<a xmlns='\(name)'>" + String(repeating: "<c/>", count: 900) + "</a>")
        #expect(nested.serialized.count < 5_000)
    }
}
