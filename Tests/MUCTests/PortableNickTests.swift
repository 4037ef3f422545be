import Testing
import XMPP

@testable import MUC

/// RFC 6122 Appendix B, as Prosody 0.12 and ejabberd 23.01 were seen to apply it.
@Suite struct PortableNickTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let nick: String
        var testDescription: String { name }
    }

    static let carried = [
        Case(name: "ASCII", nick: "Romeo <&\"'> 1"), Case(name: "umlauts", nick: "J\u{FC}rgen"),
        Case(name: "combining marks", nick: "Rome\u{301}o"), Case(name: "Greek", nick: "\u{3A1}\u{3C9}\u{3BC}"),
        Case(name: "Chinese", nick: "\u{7F85}\u{5BC6}\u{6B50}"), Case(name: "Hiragana", nick: "\u{3042}\u{304D}"),
        Case(name: "Arabic", nick: "\u{631}\u{648}\u{645}\u{64A}\u{648}"),
        Case(name: "Arabic with a space and a digit inside", nick: "\u{631}\u{648} 7 \u{645}\u{648}"),
        Case(name: "Hebrew with points", nick: "\u{5E9}\u{5C1}\u{5DC}\u{5B9}\u{5DD}"),
        Case(name: "a snowman", nick: "Ann \u{2603}"), Case(name: "a bare heart", nick: "\u{2764}"),
    ]

    @Test(arguments: carried)
    func whatTheNetworkKeepsIsPortable(_ nick: Case) {
        #expect(NickRules.isPortable(nick.nick))
    }

    static let changed = [
        Case(name: "a fox, younger than Unicode 3.2", nick: "fox \u{1F98A}"),
        Case(name: "somebody else in full width", nick: "\u{FF32}\u{FF4F}\u{FF4D}\u{FF45}\u{FF4F}"),
        Case(name: "somebody else with a double-struck letter", nick: "\u{211D}omeo"),
        Case(name: "a ligature", nick: "\u{FB01}ne"), Case(name: "a Roman numeral", nick: "\u{2167}"),
        Case(name: "a titlecase digraph", nick: "\u{1C5}"), Case(name: "an ordinal", nick: "1\u{AA}"),
        Case(name: "a heart with its selector", nick: "\u{2764}\u{FE0F}"),
        Case(name: "a joiner", nick: "\u{915}\u{94D}\u{200D}\u{937}"),
        Case(name: "two directions", nick: "a\u{628}"), Case(name: "a digit at an Arabic end", nick: "\u{628}1"),
        Case(name: "a digit at an Arabic beginning", nick: "1\u{628}"),
        Case(name: "a snowman at an Arabic end", nick: "\u{628}\u{2603}"),
        Case(name: "an accent between two Arabic letters and a Latin one", nick: "\u{628}e\u{301}\u{628}"),
        Case(name: "a Hebrew presentation form", nick: "\u{FB1D}"),
        Case(name: "an ideographic description", nick: "\u{2FF0}a"),
        Case(name: "the last code point", nick: "\u{10FFFF}"),
    ]

    @Test(arguments: changed)
    func whatTheNetworkChangesOrLosesIsNotPortable(_ nick: Case) {
        #expect(!NickRules.isPortable(nick.nick))
    }

    @Test func aRoomOnTheNetworkRefusesSuchNicksToNewcomersAndForARename() {
        let stage = Stage {
            $0.portableNicks = true
            $0.nickInterval = 0
        }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.joins("fox \u{1F98A}")
        #expect(romeo.hears() == ["presence error not-acceptable/modify"])
        #expect(stage.service.roomCount == 0)
        romeo.joins("Romeo")
        _ = romeo.hears()
        romeo.joins("\u{FF32}omeo")
        #expect(romeo.hears() == ["presence error not-acceptable/modify"])
    }
}
