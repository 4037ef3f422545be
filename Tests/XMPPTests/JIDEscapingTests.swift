import Testing

@testable import XMPP

struct JIDEscapingTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let plain: String
        let escaped: String
        var testDescription: String { name }
    }

    /// The examples of XEP-0106 §3, §4 and §5, and the corners of the backslash rule.
    static let samples: [Sample] = [
        Sample(name: "nothing to escape", plain: "treville", escaped: "treville"),
        Sample(name: "space", plain: "space cadet", escaped: "space\\20cadet"),
        Sample(name: "quotation mark", plain: "call me \"ishmael\"", escaped: "call\\20me\\20\\22ishmael\\22"),
        Sample(name: "ampersand", plain: "at&t guy", escaped: "at\\26t\\20guy"),
        Sample(name: "apostrophe", plain: "d'artagnan", escaped: "d\\27artagnan"),
        Sample(name: "slash", plain: "/.fanboy", escaped: "\\2f.fanboy"),
        Sample(name: "colons", plain: "::foo::", escaped: "\\3a\\3afoo\\3a\\3a"),
        Sample(name: "angle brackets", plain: "<foo>", escaped: "\\3cfoo\\3e"),
        Sample(name: "at sign", plain: "user@host", escaped: "user\\40host"),
        Sample(name: "backslash that begins no escape", plain: "c:\\net", escaped: "c\\3a\\net"),
        Sample(name: "two backslashes", plain: "c:\\\\net", escaped: "c\\3a\\\\net"),
        Sample(
            name: "backslash that would read as an escape", plain: "c:\\cool stuff\\20",
            escaped: "c\\3a\\cool\\20stuff\\5c20"),
        Sample(name: "backslash before 5c", plain: "c:\\5commas", escaped: "c\\3a\\5c5commas"),
        Sample(name: "upper-case digits are no escape", plain: "a\\2Fb", escaped: "a\\2Fb"),
        Sample(name: "backslash before an escaped character", plain: "\\ a", escaped: "\\\\20a"),
        Sample(name: "backslash at the end", plain: "a\\", escaped: "a\\"),
        Sample(name: "backslash and half an escape at the end", plain: "a\\2", escaped: "a\\2"),
        Sample(name: "a page address", plain: "example.org/a/b", escaped: "example.org\\2fa\\2fb"),
        Sample(name: "not ASCII", plain: "bücher 日本", escaped: "bücher\\20日本"),
        Sample(name: "nothing", plain: "", escaped: ""),
    ]

    @Test(arguments: samples) func aNameEscapesToItsLocalpart(_ sample: Sample) {
        #expect(JIDEscaping.escape(sample.plain) == sample.escaped)
    }

    @Test(arguments: samples) func aLocalpartUnescapesToItsName(_ sample: Sample) {
        #expect(JIDEscaping.unescape(sample.escaped) == sample.plain)
    }

    @Test func spacesAtTheEndsAreDroppedBeforeEscaping() {
        #expect(JIDEscaping.escape("  a b ") == "a\\20b")
        #expect(JIDEscaping.escape("   ") == "")
    }

    @Test func anEscapedSpaceAtEitherEndIsNoEscape() {
        #expect(JIDEscaping.unescape("\\20a") == "\\20a")
        #expect(JIDEscaping.unescape("a\\20") == "a\\20")
        #expect(JIDEscaping.unescape("\\20") == "\\20")
    }

    @Test func unescapingIsASinglePass() {
        #expect(JIDEscaping.unescape("a\\5c20b") == "a\\20b")
        #expect(JIDEscaping.unescape("a\\5c5c20b") == "a\\5c20b")
    }

    @Test func whateverIsEscapedComesBack() {
        var state: UInt64 = 20_260_106
        let alphabet = Array("\\\\\\25cef0274 :/@<>&'\"ü".unicodeScalars)
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.unicodeScalars.append(alphabet[Int((state >> 33) % UInt64(alphabet.count))])
            }
            let trimmed = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            let escaped = JIDEscaping.escape(text)
            #expect(JIDEscaping.unescape(escaped) == trimmed)
            #expect(!escaped.contains { " \"&'/:<>@".contains($0) })
        }
    }
}
