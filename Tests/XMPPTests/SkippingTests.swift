import Testing
import XMPP

/// Streams that read over a bad stanza instead of ending.
struct SkippingTests {
    private static let header =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1'>"

    private static var limits: XMLLimits {
        var limits = XMLLimits(stanzaBytes: 120)
        limits.depth = 4
        limits.elements = 5
        limits.attributes = 3
        return limits
    }

    private func read(_ text: String, cuts: [Int] = []) -> (events: [StreamParser.Event], refusal: StreamError?) {
        let parser = StreamParser(mode: .stream, limits: Self.limits, skipsBadStanzas: true)
        let bytes = Array((Self.header + text).utf8)
        var events: [StreamParser.Event] = []
        var start = 0
        do throws(StreamError) {
            for end in cuts + [bytes.count] {
                try parser.feed(Array(bytes[start..<end]).span, into: &events)
                start = end
            }
        } catch {
            return (events, error)
        }
        return (events, nil)
    }

    static let bad: [(name: String, stanza: String, condition: StreamError.Condition, hasHead: Bool)] = [
        ("too deep", "<iq id='1'><a><b><c><d/></c></b></a></iq>", .policyViolation, true),
        ("too many elements", "<iq id='1'><a/><a/><a/><a/><a/><a/></iq>", .policyViolation, true),
        ("too many attributes inside", "<iq id='1'><a b='' c='' d='' e=''/></iq>", .policyViolation, true),
        ("too many attributes", "<iq id='1' b='' c='' d=''/>", .policyViolation, true),
        ("too large", "<iq id='1'>" + String(repeating: "x", count: 300) + "</iq>", .policyViolation, true),
        (
            "a start tag that is too large", "<iq id='" + String(repeating: "x", count: 300) + "'/>", .policyViolation,
            false
        ),
        ("an undeclared prefix", "<iq id='1'><x:a/></iq>", .notWellFormed, true),
        ("an undeclared prefix at the top", "<x:iq id='1'/>", .notWellFormed, false),
        ("an attribute twice", "<iq id='1'><a b='' b=''/></iq>", .notWellFormed, true),
        ("an invalid character", "<iq id='1'>\u{FFFF}</iq>", .notWellFormed, true),
        ("an entity", "<iq id='1'>&a;</iq>", .restrictedXML, true),
        ("brackets in the start tag", "<iq id='>'><a><b><c><d/></c></b></a></iq>", .policyViolation, true),
    ]

    @Test(arguments: bad.map(\.name)) func aBadStanzaIsReadOverAndTheNextOneIsRead(_ name: String) throws {
        let (_, stanza, condition, hasHead) = try #require(Self.bad.first { $0.name == name })
        let (events, refusal) = read(stanza + "<message/>" + stanza + "<presence/>")
        #expect(refusal == nil)
        #expect(events.count == 5)
        guard case .skipped(let head, let error) = events[1], case .skipped(head, error) = events[3] else {
            Issue.record("not skipped: \(events)")
            return
        }
        #expect(error.condition == condition)
        #expect((head != nil) == hasHead)
        if let head { #expect(head.name == "iq" && head["id"] != nil && head.nodes.isEmpty) }
        #expect(events[2] == .element(Element("message", Namespace.client)))
        #expect(events[4] == .element(Element("presence", Namespace.client)))
    }

    @Test(arguments: bad.map(\.name)) func theOutcomeDoesNotDependOnHowTheBytesWereCut(_ name: String) throws {
        let (_, stanza, _, _) = try #require(Self.bad.first { $0.name == name })
        let whole = read(stanza + "<message/>")
        let count = (Self.header + stanza + "<message/>").utf8.count
        for cut in 1..<count { #expect(read(stanza + "<message/>", cuts: [cut]).events == whole.events, "\(cut)") }
        #expect(read(stanza + "<message/>", cuts: Array(1..<count)).events == whole.events)
    }

    @Test func whatIsReadOverIsNotKept() throws {
        let parser = StreamParser(mode: .stream, limits: Self.limits, skipsBadStanzas: true)
        var events: [StreamParser.Event] = []
        try parser.feed(Array((Self.header + "<iq id='1'>").utf8).span, into: &events)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        for _ in 0..<100 { try parser.feed(piece.span, into: &events) }
        try parser.feed(Array("</iq><message/>".utf8).span, into: &events)
        #expect(events.count == 3)
    }

    static let fatal: [(name: String, text: String, condition: StreamError.Condition)] = [
        ("text between stanzas", "<iq/>a", .badFormat),
        ("a comment", "<iq><!-- --></iq>", .restrictedXML),
        ("a control character", "<iq>\u{1}</iq>", .notWellFormed),
        ("a document type", "<!DOCTYPE a>", .restrictedXML),
        ("another end tag", "</stream>", .notWellFormed),
    ]

    @Test(arguments: fatal.map(\.name)) func whatBreaksTheStreamItselfStillEndsIt(_ name: String) throws {
        let (_, text, condition) = try #require(Self.fatal.first { $0.name == name })
        #expect(read(text).refusal?.condition == condition)
    }

    @Test func aHeaderPastALimitStillEndsTheStream() {
        let parser = StreamParser(mode: .stream, limits: Self.limits, skipsBadStanzas: true)
        var events: [StreamParser.Event] = []
        #expect(throws: StreamError.self) {
            try parser.feed(Array("<stream a='' b='' c='' d=''>".utf8).span, into: &events)
        }
    }
}
