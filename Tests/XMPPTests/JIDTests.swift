import SeededTesting
import Testing
import XMPP

struct JIDTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        /// Localpart, domainpart and resourcepart; nil when it is no address.
        let parts: [String?]?
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ parts: [String?]?) {
            self.name = name
            self.text = text
            self.parts = parts
        }
    }

    private static let long = String(repeating: "a", count: 1_023)

    /// RFC 7622 §3.5, table 1, and the corners of §3.1 to §3.4.
    static let valid: [Sample] = [
        Sample("a bare address", "juliet@example.com", ["juliet", "example.com", nil]),
        Sample("a resource", "juliet@example.com/foo", ["juliet", "example.com", "foo"]),
        Sample("a resource with a space", "juliet@example.com/foo bar", ["juliet", "example.com", "foo bar"]),
        Sample("a resource with an at sign", "juliet@example.com/foo@bar", ["juliet", "example.com", "foo@bar"]),
        Sample("an escaped space", "foo\\20bar@example.com", ["foo\\20bar", "example.com", nil]),
        Sample("an ampersand, escaped", "at\\26t@example.com", ["at\\26t", "example.com", nil]),
        Sample("sharp s", "fußball@example.com", ["fußball", "example.com", nil]),
        Sample("a Greek letter", "π@example.com", ["π", "example.com", nil]),
        Sample("a capital Greek letter", "Σ@example.com/foo", ["σ", "example.com", "foo"]),
        Sample("a small Greek letter", "σ@example.com/foo", ["σ", "example.com", "foo"]),
        Sample("a final sigma", "ς@example.com/foo", ["ς", "example.com", "foo"]),
        Sample("a chess king as resource", "king@example.com/♚", ["king", "example.com", "♚"]),
        Sample("a domain", "example.com", [nil, "example.com", nil]),
        Sample("a domain with a resource", "example.com/foobar", [nil, "example.com", "foobar"]),
        Sample("an at sign behind a slash", "a.example.com/b@example.net", [nil, "a.example.com", "b@example.net"]),
        Sample("slashes in a resource", "a@b/c/d//", ["a", "b", "c/d//"]),
        Sample("upper case", "JULIET@Example.COM/Balcony", ["juliet", "example.com", "Balcony"]),
        Sample("a trailing dot", "a@example.com./b", ["a", "example.com", "b"]),
        Sample("an IPv4 address", "a@192.0.2.1", ["a", "192.0.2.1", nil]),
        Sample("an IPv6 address", "a@[2001:DB8::1]/b", ["a", "[2001:db8::1]", "b"]),
        Sample("a domain of letters above ASCII", "a@BÜCHER.example", ["a", "bücher.example", nil]),
        Sample("a domain in punycode", "a@xn--bcher-kva.example", ["a", "xn--bcher-kva.example", nil]),
        Sample("an emoji in a resource", "a@b/👩‍👩‍👧 x", ["a", "b", "👩‍👩‍👧 x"]),
        Sample("another space in a resource", "a@b/c\u{A0}d", ["a", "b", "c d"]),
        Sample("the longest parts", "\(long)@\(long)/\(long)", [long, long, long]),
    ]

    @Test(arguments: valid) func anAddressIsTakenApart(_ sample: Sample) throws {
        let jid = try #require(JID(sample.text))
        #expect([jid.localpart, jid.domain, jid.resource] == sample.parts)
        #expect(JID(jid.description) == jid)
        #expect(JID(localpart: jid.localpart, domain: jid.domain, resource: jid.resource) == jid)
        #expect(jid.isBare == (jid.resource == nil) && jid.isFull == (jid.resource != nil))
        #expect(jid.bare.resource == nil && jid.bare.localpart == jid.localpart && jid.bare.domain == jid.domain)
        #expect(jid.with(resource: "x")?.description == jid.bare.description + "/x")
    }

    /// RFC 7622 §3.5, table 2, and more.
    static let invalid: [Sample] = [
        Sample("quotation marks", "\"juliet\"@example.com", nil),
        Sample("a space in the localpart", "foo bar@example.com", nil),
        Sample("an empty resource", "juliet@example.com/", nil),
        Sample("an empty localpart", "@example.com/", nil),
        Sample("a localpart alone", "user@", nil),
        Sample("a roman numeral", "henryⅣ@example.com", nil),
        Sample("a chess king as localpart", "♚@example.com", nil),
        Sample("nothing before the at sign", "@example.com", nil),
        Sample("a slash at the front", "/foobar", nil),
        Sample("nothing", "", nil),
        Sample("an at sign", "@", nil),
        Sample("two at signs", "a@b@c", nil),
        Sample("an apostrophe", "o'hara@example.com", nil),
        Sample("an ampersand", "at&t@example.com", nil),
        Sample("a colon", "a:b@example.com", nil),
        Sample("an angle bracket", "<a@example.com", nil),
        Sample("a control character in the localpart", "a\u{1}b@example.com", nil),
        Sample("a control character in the resource", "a@b/c\nd", nil),
        Sample("a C1 control character in the resource", "a@b/c\u{85}d", nil),
        Sample("a delete character in the resource", "a@b/c\u{7F}", nil),
        Sample("an invisible character in the localpart", "a\u{200B}b@example.com", nil),
        Sample("a direction override in the localpart", "a\u{202E}b@example.com", nil),
        Sample("a soft hyphen in the localpart", "a\u{AD}b@example.com", nil),
        Sample("an unassigned character", "a@b/\u{378}", nil),
        Sample("a private character", "a@b/\u{E000}", nil),
        Sample("an empty label", "a@example..com", nil),
        Sample("a leading dot", "a@.example.com", nil),
        Sample("two trailing dots", "a@example.com..", nil),
        Sample("a dot", "a@.", nil),
        Sample("a space in the domain", "a@exa mple.com", nil),
        Sample("a port", "a@example.com:5222", nil),
        Sample("an invisible character before the trailing dot", "a@example\u{600}.", nil),
        Sample("an unclosed address literal", "a@[::1", nil),
        Sample("an empty address literal", "a@[]", nil),
        Sample("an address literal of letters", "a@[zz::1]", nil),
        Sample("a localpart that is too long", "\(long)a@b", nil),
        Sample("a domain that is too long", "a@\(long)a", nil),
        Sample("a resource that is too long", "a@b/\(long)a", nil),
        // Upper case in two bytes, lower case in three.
        Sample("too long in lower case", String(repeating: "Ⱥ", count: 511) + "@b", nil),
    ]

    @Test(arguments: invalid) func whatBreaksTheRulesIsNoAddress(_ sample: Sample) {
        #expect(JID(sample.text) == nil)
    }

    @Test func aPartThatIsGivenMustNotBeEmpty() {
        #expect(JID(localpart: "", domain: "b") == nil)
        #expect(JID(localpart: "a", domain: "") == nil)
        #expect(JID(localpart: "a", domain: "b", resource: "") == nil)
        #expect(JID("a@b")?.with(resource: "") == nil)
        #expect(JID(localpart: nil, domain: "b")?.isDomain == true)
        #expect(JID(localpart: "a/b", domain: "c") == nil)
        #expect(JID(localpart: "a", domain: "c/d") == nil)
    }

    @Test func addressesAreComparedAsPRECISDoes() {
        #expect(JID("A@B.example/c") == JID("a@b.EXAMPLE/c"))
        #expect(JID("a@b/c") != JID("a@b/C"))
        #expect(JID("caf\u{E9}@b") == JID("cafe\u{301}@b"))
        #expect(JID("caf\u{E9}@b").hashValue == JID("cafe\u{301}@b").hashValue)
        #expect(JID("a@b") != JID("b/a@b"))
    }

    @Test func noTextBreaksTheRules() {
        let pieces = [
            "a", "@", "/", ".", "..", "[", "]", ":", "\u{301}", "\u{600}", "\u{200D}", "é", "İ", "ß", "\r", "\n", "😀",
            "\u{FE0F}", " ", "\u{0}", "\u{10FFFF}", "xn--", "-", "ǅ", "ﬁ", "\\20",
        ]
        for seed in UInt64(0)..<3_000 {
            var generator = SeededGenerator(seed: seed)
            let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in generator.pick(pieces, or: "") }
                .joined()
            guard let jid = JID(text) else { continue }
            #expect(JID(jid.description)?.description == jid.description, "seed \(seed): \(text)")
            #expect(jid.localpart != "" && jid.domain != "" && jid.resource != "", "seed \(seed): \(text)")
        }
    }

    @Test func theHintIsNoPartOfTheIdentity() throws {
        let address = try #require(JID("a@b.example/c"))
        var hinted = address
        hinted.hint = 7
        #expect(hinted == address)
        #expect(Set([hinted, address]).count == 1)
        #expect(hinted.bare.hint == 0)
    }
}
