import Testing
import XMPP

@testable import MUC

@Suite struct SpeechTests: Verona {
    let stage: Stage

    /// Romeo owns the room.
    init() {
        stage = Stage {
            $0.moderation.floodMessages = 10
            $0.moderation.heldPerPerson = 2
        }
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet"), (nurse, "Nurse")] { actor.isIn(as: nick) }
        clear()
    }

    private func clear() { for actor in [romeo, juliet, nurse] { _ = actor.gets() } }

    private func configure(_ fields: KeyValuePairs<String, String>) {
        romeo.configures(fields)
        clear()
    }

    private func error(_ actor: Actor) -> (line: String, text: String?, detail: Element?)? {
        guard let stanza = actor.gets().last, let error = stanza.child("error", Namespace.client) else { return nil }
        return (
            Transcript.line(stanza), error.child("text", Namespace.stanzaErrors)?.text,
            error.children.first { $0.namespace == Namespace.moderationCommands }
        )
    }

    private static let slow = "{urn:samepage:moderation:0}slow-mode"
    private static let hold = "{urn:samepage:moderation:0}hold-first"
    private static let words = "{urn:samepage:moderation:0}words"
    private static let action = "{urn:samepage:moderation:0}filter-action"

    // MARK: Slow mode

    @Test func slowModeMakesPeopleWaitAndSaysHowLong() throws {
        configure([Self.slow: "10"])
        juliet.says("one")
        #expect(nurse.hears() == ["Juliet: one"])
        _ = juliet.gets()
        stage.now += 2_500
        juliet.says("two")
        let refusal = try #require(error(juliet))
        #expect(refusal.line == "message error policy-violation/wait")
        #expect(refusal.text == "Slow mode: you may speak again in 8 s.")
        #expect(refusal.detail?.name == "slow-mode" && refusal.detail?["seconds"] == "8")
        #expect(nurse.hears() == [])
        stage.now += 7_500
        juliet.says("two")
        #expect(nurse.hears() == ["Juliet: two"])
    }

    @Test func slowModeIsBySpeakerAndNotForModerators() {
        configure([Self.slow: "10"])
        for actor in [juliet, nurse, romeo, romeo] { actor.says("x") }
        #expect(romeo.hears() == ["Juliet: x", "Nurse: x", "Romeo: x", "Romeo: x"])
    }

    @Test func anotherSessionOrNickIsTheSameSpeaker() {
        configure([Self.slow: "10"])
        juliet.says("x")
        let phone = stage.actor("juliet@verona.example/phone")
        phone.isIn(as: "Jule")
        phone.says("y")
        #expect(phone.hears() == ["message error policy-violation/wait"])
        juliet.leaves("Juliet")
        juliet.isIn(as: "Juliet")
        juliet.says("z")
        #expect(juliet.hears() == ["message error policy-violation/wait"])
    }

    @Test func chatStatesAreNoSpeech() {
        configure([Self.slow: "10"])
        for _ in 0..<3 { juliet.does(.message, "groupchat", [Element("composing", Namespace.chatStates)]) }
        juliet.says("x")
        #expect(nurse.hears().last == "Juliet: x")
    }

    @Test(arguments: ["-1", "3601", "soon", "1e3"])
    func slowModeHasBounds(_ value: String) {
        romeo.configures([Self.slow: value])
        #expect(romeo.hears() == ["iq error not-acceptable/modify"])
        #expect(stage.room()?.configuration.moderation.slowMode == 0)
    }

    @Test func moderatorsSetSlowModeByCommandAndUndoIt() {
        romeo.moderates(["nick": "Nurse", "role": "moderator"])
        let begun = nurse.commands("slow-mode")
        #expect(begun.field("seconds") == ["0"])
        #expect(nurse.commands("slow-mode", session: begun.sessionID, ["seconds": ["20"]]).status == "completed")
        #expect(juliet.hears().last == "nobody: Slow mode: one message in 20 s for each.")
        let undo = nurse.commands("undo")
        let first = undo.options("act").first ?? ""
        #expect(nurse.commands("undo", session: undo.sessionID, ["act": [first]]).status == "completed")
        #expect(stage.room()?.configuration.moderation.slowMode == 0)
        #expect(juliet.commands("slow-mode").error == "forbidden")
    }

    // MARK: Floods

    private func flood(_ count: Int, from: Int = 0) {
        for index in from..<from + count {
            let bot = stage.actor("bot\(index)@verona.example/x")
            bot.isIn(as: "Bot \(index)")
            bot.says("buy")
            _ = bot.gets()
        }
    }

    @Test func aFloodBringsSlowModeThenVoiceForTheKnownAloneAndBothAreAnnounced() {
        juliet.says("hello")
        stage.now += 60_000
        clear()
        flood(11)
        #expect(
            nurse.hears().suffix(2) == [
                "nobody: There is too much going on here: one message in 15 s for newcomers.", "Bot 10: buy",
            ])
        flood(11, from: 11)
        #expect(
            nurse.hears().suffix(2) == [
                "nobody: There is too much going on here: for now only those speak who have been heard before.",
                "Bot 21: buy",
            ])
        let stranger = stage.actor("stranger@verona.example/x")
        stranger.isIn(as: "Stranger")
        stranger.says("buy")
        #expect(stranger.hears() == ["message error policy-violation/wait"])
        clear()
        juliet.says("what is this?")
        romeo.says("quiet")
        #expect(nurse.hears() == ["Juliet: what is this?", "Romeo: quiet"])
    }

    @Test func thoseWhoWereHeardBeforeTheFloodTalkOnUntilTheyFloodThemselves() {
        for actor in [juliet, nurse] { actor.says("hello") }
        stage.now += 60_000
        flood(11)
        flood(11, from: 11)
        for _ in 0..<5 { juliet.says("x") }
        #expect(juliet.hears().allSatisfy { !$0.contains("error") })
        for _ in 0..<6 { nurse.says("y") }
        #expect(stage.room()?.speech.flood.level == .closedAndSlow)
        clear()
        juliet.says("z")
        #expect(juliet.hears() == ["message error policy-violation/wait"])
    }

    @Test func whoReadForLongBeforeAFloodTalksOnAndWhoCameForItDoesNot() {
        let friar = stage.actor("friar@verona.example/cell")
        friar.lurks()
        stage.now += stage.service.settings.limits.moderation.floodPatience + 60_000
        let paris = stage.actor("paris@verona.example/church")
        paris.isIn(as: "Paris")
        flood(11)
        flood(11, from: 11)
        clear()
        juliet.says("I have been here all along")
        #expect(nurse.hears() == ["Juliet: I have been here all along"])
        paris.says("me too, honestly")
        #expect(nurse.hears() == [])
        friar.isIn(as: "Friar")
        clear()
        friar.says("I have read it all without a name")
        #expect(nurse.hears() == ["Friar: I have read it all without a name"])
    }

    @Test func theRoomOpensAgainStepByStep() {
        flood(11)
        flood(11, from: 11)
        clear()
        stage.now += 59_999
        stage.deliver(stage.service.advance(now: stage.now))
        #expect(nurse.hears() == [])
        stage.now += 1
        stage.deliver(stage.service.advance(now: stage.now))
        #expect(
            nurse.hears() == ["nobody: There is too much going on here: one message in 15 s for newcomers."])
        stage.now += 60_000
        stage.deliver(stage.service.advance(now: stage.now))
        #expect(nurse.hears() == ["nobody: It is calm again: everybody may speak as before."])
        stage.now += 60_000
        #expect(stage.service.advance(now: stage.now).isEmpty)
        let log = romeo.commands("log").rows("kind", "after")
        #expect(log == ["relaxation calm", "relaxation slow", "escalation closed", "escalation slow"])
    }

    @Test func whoIsRefusedKeepsTheRoomClosedAndDoesNotCloseItFurther() {
        flood(11)
        clear()
        // Attempts in slow mode of one who does not take a hint.
        for _ in 0..<50 { stage.actor("bot0@verona.example/x").says("buy") }
        #expect(stage.room()?.speech.flood.level == .slow)
        stage.now += 59_000
        for _ in 0..<50 { stage.actor("bot1@verona.example/x").says("buy") }
        stage.now += 59_000
        stage.deliver(stage.service.advance(now: stage.now))
        #expect(stage.room()?.speech.flood.level == .slow)
    }

    @Test func anOrdinaryConversationIsNoFlood() {
        for index in 0..<200 {
            [juliet, nurse][index % 2].says("\(index)")
            stage.now += 1_100
        }
        #expect(stage.room()?.speech.flood.level == .calm)
    }

    // MARK: The first message

    private func heldIDs() -> [String] { romeo.commands("held").options("messages") }

    private func review(_ verdict: String, _ ids: [String]) -> CommandAnswer {
        let begun = romeo.commands("held")
        return romeo.commands("held", session: begun.sessionID, ["messages": ids, "verdict": [verdict]])
    }

    @Test func theFirstMessageIsSeenByModeratorsAndItsAuthorOnly() throws {
        configure([Self.hold: "1"])
        juliet.says("hello", id: "j1")
        let pending = try #require(juliet.gets().first)
        #expect(pending.id == "j1" && pending.child("held", Namespace.moderationCommands) != nil)
        #expect(pending.child("stanza-id", Namespace.stanzaIDs) == nil)
        #expect(nurse.hears() == [])
        let notice = try #require(romeo.gets().first)
        #expect(notice.child("held", Namespace.moderationCommands)?["nick"] == "Juliet")
        #expect(
            notice.child("body", Namespace.client)?.text.hasSuffix("of Juliet waits for a moderator: hello") == true)
        #expect(stage.room()?.history.count == 0)
    }

    @Test func aReleasedMessageReachesAllAndItsAuthorIsKnownFromThenOn() {
        configure([Self.hold: "1"])
        juliet.says("hello", id: "j1")
        clear()
        #expect(review("release", heldIDs()).status == "completed")
        #expect(nurse.hears() == ["Juliet: hello"])
        #expect(juliet.gets().first?.id == "j1")
        juliet.says("thanks")
        #expect(nurse.hears() == ["Juliet: thanks"])
        #expect(heldIDs().isEmpty)
    }

    @Test func aDroppedMessageGoesBackToItsAuthor() {
        configure([Self.hold: "1"])
        juliet.says("buy", id: "j1")
        clear()
        #expect(review("drop", heldIDs()).status == "completed")
        let answer = juliet.gets()
        #expect(answer.map(Transcript.line) == ["message error not-acceptable/modify"] && answer.first?.id == "j1")
        #expect(nurse.hears() == [])
        juliet.says("buy again")
        #expect(heldIDs().count == 1)
    }

    @Test func whatWaitsIsBoundedAndExpires() {
        configure([Self.hold: "1"])
        for _ in 0..<2 { juliet.says("hello") }
        _ = juliet.gets()
        juliet.says("hello?")
        #expect(juliet.hears() == ["message error policy-violation/wait"])
        #expect(heldIDs().count == 2)
        stage.now += 3_600_000
        stage.deliver(stage.service.advance(now: stage.now))
        #expect(juliet.hears() == ["message error not-acceptable/modify", "message error not-acceptable/modify"])
        #expect(heldIDs().isEmpty)
        #expect(review("release", ["1"]).error == "item-not-found")
    }

    @Test func aMessageIsReleasedAlthoughItsAuthorHasGone() {
        configure([Self.hold: "1"])
        juliet.says("farewell")
        juliet.leaves("Juliet")
        clear()
        #expect(review("release", heldIDs()).status == "completed")
        #expect(nurse.hears() == ["Juliet: farewell"])
        #expect(juliet.hears() == [])
    }

    @Test func membersModeratorsAndWhoIsInTheHistoryAreKnown() {
        nurse.says("before")
        configure([Self.hold: "1"])
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        clear()
        for actor in [romeo, juliet, nurse] { actor.says("x") }
        #expect(nurse.hears() == ["Romeo: x", "Juliet: x", "Nurse: x"])
    }

    // MARK: Filters

    @Test func aFilteredMessageIsRefused() throws {
        configure([Self.words: "spam", Self.words: "cheap pills"])
        juliet.says("Cheap   PILLS")
        juliet.says("cheap pills!")
        #expect(nurse.hears() == ["Juliet: Cheap   PILLS"])
        let refusal = try #require(error(juliet))
        #expect(refusal.line == "message error policy-violation/modify" && refusal.detail?.name == "filtered")
        romeo.says("no spam here, please")
        #expect(nurse.hears() == ["Romeo: no spam here, please"])
    }

    @Test func aFilteredMessageIsHeld() {
        configure([Self.words: "spam", Self.action: "hold"])
        juliet.says("hello")
        juliet.says("about that spam")
        #expect(nurse.hears() == ["Juliet: hello"])
        #expect(heldIDs().count == 1)
    }

    @Test func aFilteredMessageIsSeenByItsAuthorAlone() throws {
        configure([Self.words: "spam", Self.action: "hide"])
        juliet.says("spam", id: "j1")
        let own = try #require(juliet.gets().first)
        // An id would promise that the archive has it.
        #expect(own.id == "j1" && own.child("stanza-id", Namespace.stanzaIDs) == nil)
        #expect(own.child("held", Namespace.moderationCommands) == nil)
        #expect(romeo.hears() == [] && nurse.hears() == [])
        let newcomer = stage.actor("paris@verona.example/church")
        newcomer.joins("Paris")
        #expect(newcomer.hears().allSatisfy { !$0.contains("spam") })
    }

    @Test func wordsAreFoundWhereverAMessageHidesThem() {
        configure([Self.words: "spam"])
        juliet.says(
            "hello", [Element("html", "http://jabber.org/protocol/xhtml-im", [Element("b", "x", text: "spam")])])
        juliet.does(
            .message, "groupchat", [Element("x", "jabber:x:oob", [Element("url", "jabber:x:oob", text: "spam")])])
        #expect(nurse.hears() == [])
    }

    @Test func theFilterOfTheSiteHoldsInEveryRoom() {
        var settings = MUCSettings(service: Stage.jid(Stage.service))
        settings.filter.domains = ["evil.example"]
        settings.filter.action = .reject
        let service = MUCService(settings: settings, policy: StagePolicy())
        let (owner, other) = (Stage.jid("romeo@verona.example/x"), Stage.jid("juliet@verona.example/x"))
        for (jid, nick) in [(owner, "Romeo"), (other, "Juliet")] {
            _ = service.handle(
                Stanza(
                    .presence, from: jid, to: Stage.jid("balcony@\(Stage.service)/\(nick)"),
                    [Element("x", Namespace.muc)]),
                now: 0)
        }
        let message = Stanza(
            .message, type: "groupchat", from: other, to: Stage.jid("balcony@\(Stage.service)"),
            [.body("see www.evil.example")])
        let effects = service.handle(message, now: 0).effects
        guard case .send(let answer) = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(effects.count == 1 && answer.isError)
    }

    @Test func filtersAreBounded() throws {
        let limits = stage.service.settings.limits.moderation
        var form = DataForm(.submit)
        form.fields = [DataForm.Field(Self.words, (0...limits.filterEntries).map { "w\($0)" })]
        romeo.asks(Element("query", Namespace.mucOwner, [form.element]), type: "set")
        romeo.configures([Self.words: String(repeating: "x", count: limits.filterLength + 1)])
        romeo.configures([Self.action: "explode"])
        #expect(romeo.hears() == Array(repeating: "iq error not-acceptable/modify", count: 3))
    }

    @Test func whatTheRoomKeepsHasItAll() {
        configure([Self.words: "spam", Self.action: "hold", Self.slow: "7", Self.hold: "1"])
        let configuration = stage.room()?.configuration
        #expect(configuration.map { RoomConfiguration(stored: $0.stored).moderation } == configuration?.moderation)
        #expect(configuration?.moderation.slowMode == 7 && configuration?.moderation.filter.words == ["spam"])
    }

    @Test func speakersAreBounded() {
        var speakers = Speakers()
        var limits = ModerationLimits()
        limits.speakers = 100
        for index in 0..<10_000 {
            speakers.note(Stage.jid("p\(index)@verona.example"), isKnown: true, limits, now: Int64(index))
            #expect(speakers.count <= 101)
        }
        #expect(
            speakers.isKnown(Stage.jid("p9999@verona.example")) && !speakers.isKnown(Stage.jid("p0@verona.example")))
    }
}
