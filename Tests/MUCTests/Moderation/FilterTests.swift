import Testing
import XMPP

@testable import MUC

/// Filters, wherever people put words before others: what is not a message to all cannot wait for a moderator.
@Suite struct FilterTests {
    let stage = Stage()
    var romeo: Actor { stage.actor("romeo@verona.example/orchard") }
    var juliet: Actor { stage.actor("juliet@verona.example/chamber") }
    var nurse: Actor { stage.actor("nurse@verona.example/door") }

    /// Romeo owns the room.
    init() {
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet"), (nurse, "Nurse")] { actor.isIn(as: nick) }
        filters("reject")
    }

    private func filters(_ action: String, _ more: KeyValuePairs<String, String> = [:]) {
        var fields: [(String, String)] = [
            ("{urn:samepage:moderation:0}words", "spam"), ("{urn:samepage:moderation:0}domains", "evil.example"),
            ("{urn:samepage:moderation:0}filter-action", action),
        ]
        fields += more.map { ($0.key, $0.value) }
        var form = DataForm(.submit, type: Namespace.mucRoomConfig)
        form.fields = fields.map { DataForm.Field($0.0, [$0.1]) }
        romeo.asks(Element("query", Namespace.mucOwner, [form.element]), type: "set")
        for actor in [romeo, juliet, nurse] { _ = actor.gets() }
    }

    private func isFiltered(_ stanza: Stanza?) -> Bool {
        stanza?.child("error", Namespace.client)?.child("filtered", Namespace.moderationCommands) != nil
    }

    @Test(arguments: FilterRules.Action.allCases)
    func aNickIsRefusedWhateverTheActionOnJoiningRenamingAndReserving(_ action: FilterRules.Action) {
        filters(action.rawValue, ["{urn:samepage:room:0}register": "1"])
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("SPAM king")
        let refusal = paris.gets().last
        #expect(refusal.map(Transcript.line) == "presence error not-acceptable/modify" && isFiltered(refusal))
        paris.isIn(as: "Paris")
        paris.renames(to: "visit evil.example")
        #expect(paris.hears() == ["presence error not-acceptable/modify"])
        var form = DataForm(.submit, type: Namespace.mucRegister)
        form.fields = [DataForm.Field("muc#register_roomnick", ["spam"])]
        paris.asks(Element("query", Namespace.register, [form.element]), type: "set")
        #expect(paris.hears() == ["iq error not-acceptable/modify"])
        #expect(stage.room()?.occupants["Paris"] != nil)
    }

    @Test func moderatorsAndWhoWillBeOneTakeAnyNick() {
        romeo.renames(to: "Captain Spam")
        #expect(stage.room()?.occupants["Captain Spam"] != nil)
        stage.policy.standings["friar@verona.example"] = .moderator
        stage.actor("friar@verona.example/cell").isIn(as: "spam hunter")
        #expect(stage.room()?.occupants["spam hunter"] != nil)
    }

    @Test(arguments: FilterRules.Action.allCases)
    func aSubjectIsRefusedWhateverTheAction(_ action: FilterRules.Action) {
        filters(action.rawValue, ["muc#roomconfig_changesubject": "1"])
        juliet.setsSubject("cheap spam")
        #expect(isFiltered(juliet.gets().last))
        #expect(stage.room()?.subject == nil && nurse.hears() == [])
        romeo.setsSubject("no spam, please")
        #expect(stage.room()?.subject != nil)
    }

    @Test(arguments: FilterRules.Action.allCases)
    func aPrivateMessageIsRefusedWhateverTheActionUnlessItIsToAModerator(_ action: FilterRules.Action) {
        filters(action.rawValue)
        juliet.whispers("buy spam", to: "Nurse")
        #expect(isFiltered(juliet.gets().last))
        #expect(nurse.hears() == [])
        juliet.whispers("somebody sells spam", to: "Romeo")
        #expect(romeo.hears() == ["Juliet whispers: somebody sells spam"])
        romeo.whispers("about that spam", to: "Nurse")
        #expect(nurse.hears() == ["Romeo whispers: about that spam"])
    }

    @Test func anInvitationIsRefused() {
        let invite = Element(
            "invite", Namespace.mucUser, ["to": "paris@verona.example"],
            [Element("reason", Namespace.mucUser, text: "see evil.example")])
        juliet.tells(Element("x", Namespace.mucUser, [invite]))
        #expect(isFiltered(juliet.gets().last))
        #expect(!stage.waiting.contains(Stage.jid("paris@verona.example")))
    }

    @Test func aStatusThatIsNotWelcomeStaysBehindAndItsPresenceDoesNot() throws {
        let show = Element("show", Namespace.client, text: "away")
        let status = Element("status", Namespace.client, text: "gone to evil.example")
        juliet.does(.presence, to: "balcony/Juliet", [show, status])
        let seen = try #require(nurse.gets().first)
        #expect(seen.child("show", Namespace.client)?.text == "away" && seen.child("status", Namespace.client) == nil)
        let paris = stage.actor("paris@verona.example/church")
        paris.joins("Paris", [status])
        #expect(nurse.gets().first?.child("status", Namespace.client) == nil)
        paris.leaves("Paris", status: "spam")
        let gone = try #require(nurse.gets().first)
        #expect(gone.type == "unavailable" && gone.child("status", Namespace.client) == nil)
        juliet.leaves("Juliet", status: "good night")
        #expect(nurse.gets().first?.child("status", Namespace.client)?.text == "good night")
    }

    @Test func aCorrectionIsJudgedAsTheMessageItMakes() throws {
        juliet.says("hello", id: "m1")
        _ = (nurse.gets(), juliet.gets())
        let replace = Element("replace", "urn:xmpp:message-correct:0", ["id": "m1"])
        juliet.says("spam", id: "m2", [replace])
        #expect(isFiltered(juliet.gets().last))
        filters("hide")
        juliet.says("spam", id: "m3", [replace])
        #expect(juliet.gets().last?.child("replace", "urn:xmpp:message-correct:0") != nil)
        #expect(nurse.hears() == [])
        filters("hold")
        juliet.says("spam", id: "m4", [replace])
        #expect(nurse.hears() == [])
        let id = try #require(romeo.commands("held").options("messages").first)
        _ = romeo.commands("held", ["messages": [id], "verdict": ["release"]])
        #expect(nurse.gets().last?.child("replace", "urn:xmpp:message-correct:0")?["id"] == "m1")
    }

    @Test func aReactionIsRefusedWhereItsTextIsNotWelcomeSinceNobodyCouldJudgeItAlone() {
        let namespace = "urn:xmpp:reactions:0"
        let reaction = Element(
            "reactions", namespace, ["id": "x"], [Element("reaction", namespace, text: "spam")])
        for action in ["reject", "hold"] {
            filters(action)
            juliet.does(.message, "groupchat", [reaction])
            #expect(isFiltered(juliet.gets().last), "\(action)")
        }
        #expect(romeo.commands("held").options("messages") == [])
        filters("hide")
        juliet.does(.message, "groupchat", [reaction])
        #expect(juliet.gets().count == 1)
        #expect(nurse.hears() == [])
    }

    @Test func addressesInAttributesAreLookedAtToo() {
        let namespace = "http://www.w3.org/1999/xhtml"
        let link = Element("a", namespace, attributes: [.init(name: "href", value: "https://evil.example/x")])
        let body = Element("body", namespace, [link])
        juliet.says("click here", [Element("html", "http://jabber.org/protocol/xhtml-im", [body])])
        #expect(isFiltered(juliet.gets().last))
        juliet.says("look", [Element("reference", "urn:xmpp:reference:0", ["uri": "https://www.evil.example/"])])
        #expect(isFiltered(juliet.gets().last))
        #expect(nurse.hears() == [])
    }
}
