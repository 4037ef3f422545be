import Testing
import XMPP

@testable import MUC

@Suite struct NickRulesTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let nick: String
        var testDescription: String { name }
    }

    static let allowed = [
        Case(name: "ASCII", nick: "Romeo"), Case(name: "a space inside", nick: "Curious Otter"),
        Case(name: "umlauts", nick: "J\u{FC}rgen"), Case(name: "combining marks", nick: "Rome\u{301}o"),
        Case(name: "Chinese", nick: "\u{7F85}\u{5BC6}\u{6B50}"),
        Case(name: "Arabic", nick: "\u{631}\u{648}\u{645}\u{64A}\u{648}"),
        Case(name: "Hindi with a joiner after a virama", nick: "\u{915}\u{94D}\u{200D}\u{937}"),
        Case(name: "an emoji", nick: "\u{1F339}"), Case(name: "a heart with its selector", nick: "\u{2764}\u{FE0F}"),
        Case(name: "a family", nick: "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"),
        Case(name: "a selector before a joiner", nick: "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}"),
        Case(name: "a keycap", nick: "1\u{FE0F}\u{20E3}"), Case(name: "a skin colour", nick: "\u{1F44B}\u{1F3FD}"),
        Case(name: "a flag", nick: "\u{1F1EE}\u{1F1F9}"), Case(name: "markup", nick: "<img src=x onerror=alert(1)>"),
        Case(name: "64 bytes", nick: String(repeating: "O", count: 64)),
    ]

    @Test(arguments: allowed)
    func whatCanBeReadIsANick(_ nick: Case) throws {
        #expect(try NickRules.prepare(nick.nick, maximumLength: 64) == nick.nick)
    }

    static let refused = [
        Case(name: "nothing", nick: ""), Case(name: "spaces", nick: "   "), Case(name: "wide spaces", nick: "\u{3000}"),
        Case(name: "a control character", nick: "Ro\u{7}meo"), Case(name: "a newline", nick: "Ro\nmeo"),
        Case(name: "C1 control", nick: "Ro\u{85}meo"), Case(name: "bidi override", nick: "Ro\u{202E}meo"),
        Case(name: "bidi isolate", nick: "\u{2066}Romeo"), Case(name: "left-to-right mark", nick: "Romeo\u{200E}"),
        Case(name: "Arabic letter mark", nick: "Romeo\u{61C}"), Case(name: "zero width space", nick: "Ro\u{200B}meo"),
        Case(name: "zero width joiner in letters", nick: "Ro\u{200D}meo"),
        Case(name: "zero width non-joiner in letters", nick: "Ro\u{200C}meo"),
        Case(name: "a joiner at the end", nick: "\u{1F339}\u{200D}"), Case(name: "word joiner", nick: "Ro\u{2060}meo"),
        Case(name: "soft hyphen", nick: "Ro\u{AD}meo"), Case(name: "byte order mark", nick: "\u{FEFF}Romeo"),
        Case(name: "a selector after a letter", nick: "Romeo\u{FE0F}"),
        Case(name: "a selector after a digit", nick: "Romeo1\u{FE0F}"),
        Case(name: "Hangul filler", nick: "\u{3164}"), Case(name: "a blank of Braille", nick: "\u{2800}"),
        Case(name: "tags", nick: "Romeo\u{E0041}"), Case(name: "combining grapheme joiner", nick: "Ro\u{34F}meo"),
        Case(name: "a mark alone", nick: "\u{301}"), Case(name: "private use", nick: "\u{E000}"),
        Case(name: "a line separator", nick: "Ro\u{2028}meo"),
        Case(name: "65 bytes", nick: String(repeating: "O", count: 65)),
    ]

    @Test(arguments: refused)
    func whatCannotBeSeenIsNoNick(_ nick: Case) {
        #expect(throws: StanzaError.self) { try NickRules.prepare(nick.nick, maximumLength: 64) }
    }

    @Test func aRefusedNickIsNotAcceptableAndMakesNoRoom() {
        let stage = Stage()
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("Ro\u{202E}meo")
        #expect(romeo.hears() == ["presence error not-acceptable/modify"])
        #expect(stage.service.roomCount == 0)
    }
}
