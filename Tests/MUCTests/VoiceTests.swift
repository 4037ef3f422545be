import Testing
import XMPP

@testable import MUC

@Suite struct VoiceTests: Verona {
    let stage = Stage()

    /// Romeo owns the moderated room, Juliet and the nurse are visitors.
    init() {
        romeo.isIn(as: "Romeo")
        romeo.configures(["muc#roomconfig_moderatedroom": "1"])
        juliet.isIn(as: "Juliet")
        nurse.isIn(as: "Nurse")
        _ = (romeo.gets(), juliet.gets())
    }

    private func form(_ fields: KeyValuePairs<String, String>, type: String = Namespace.mucRequest) -> Element {
        var form = DataForm(.submit, type: type)
        form.fields = fields.map { DataForm.Field($0.key, [$0.value]) }
        return form.element
    }

    private func ask(_ actor: Actor) { actor.tells(form(["muc#role": "participant"])) }

    private func answer(
        _ actor: Actor, _ allow: String = "1", nick: String = "Juliet", jid: String = "juliet@verona.example/chamber"
    ) {
        actor.tells(
            form([
                "muc#role": "participant", "muc#jid": jid, "muc#roomnick": nick, "muc#request_allow": allow,
            ]))
    }

    @Test func aRequestReachesTheModeratorsAndNobodyElse() {
        ask(juliet)
        #expect(romeo.hears() == ["form participant juliet@verona.example/chamber Juliet 0"])
        #expect(juliet.hears() == [] && nurse.hears() == [])
    }

    @Test func aModeratorGrantsIt() {
        ask(juliet)
        answer(romeo)
        #expect(juliet.hears() == ["Juliet is here: none/participant 110 <juliet@verona.example/chamber> by Romeo"])
        #expect(nurse.hears() == ["Juliet is here: none/participant by Romeo"])
    }

    @Test func whatAModeratorDoesNotAllowChangesNothing() {
        ask(juliet)
        answer(romeo, "0")
        romeo.tells(DataForm(.cancel, type: Namespace.mucRequest).element)
        #expect(juliet.hears() == [] && stage.room()?.occupants["Juliet"]?.role == .visitor)
    }

    @Test func nobodyGrantsVoiceToItself() {
        answer(juliet)
        #expect(juliet.hears() == ["message error forbidden/auth"])
        #expect(stage.room()?.occupants["Juliet"]?.role == .visitor)
    }

    @Test func whoTookTheNickMeanwhileGetsNothing() {
        ask(juliet)
        juliet.leaves("Juliet")
        stage.actor("paris@verona.example/church").isIn(as: "Juliet")
        _ = romeo.gets()
        answer(romeo)
        answer(romeo, nick: "Nobody")
        #expect(romeo.hears() == Array(repeating: "message error item-not-found/cancel", count: 2))
        #expect(stage.room()?.occupants["Juliet"]?.role == .visitor)
    }

    @Test func whoHasVoiceNeedNotAsk() {
        ask(romeo)
        #expect(romeo.hears() == ["message error not-acceptable/modify"])
        ask(stage.actor("paris@verona.example/church"))
        #expect(stage.actor("paris@verona.example/church").hears() == ["message error not-acceptable/modify"])
    }

    @Test func askingAgainTakesPatienceEvenAfterComingBack() {
        ask(juliet)
        ask(juliet)
        #expect(juliet.hears() == ["message error policy-violation/wait"])
        juliet.leaves("Juliet")
        juliet.isIn(as: "Giulia")
        ask(juliet)
        #expect(juliet.hears() == ["message error policy-violation/wait"])
        stage.now += 60_000
        _ = romeo.gets()
        ask(juliet)
        #expect(romeo.hears() == ["form participant juliet@verona.example/chamber Giulia 0"])
    }

    @Test func whoMayAskIsBounded() {
        var requests = VoiceRequests()
        var limits = MUCLimits()
        limits.voiceRequests = 2
        func admits(_ name: String, _ now: Int64) -> Bool {
            (try? requests.admit(Stage.jid("\(name)@verona.example"), limits, now: now)) != nil
        }
        #expect(admits("a", 0) && admits("b", 1) && !admits("c", 2) && admits("c", 60_000) && !admits("b", 60_000))
    }

    @Test func anOwnerMayForbidIt() {
        romeo.configures(["muc#roomconfig_allowvoicerequests": "0"])
        _ = (romeo.gets(), juliet.gets())
        ask(juliet)
        #expect(juliet.hears() == ["message error not-allowed/cancel"] && romeo.hears() == [])
    }

    @Test func formsThatMakeNoSenseAreBadRequests() {
        let forms = [
            form(["muc#role": "moderator"]), form([:]), form(["muc#role": "participant"], type: "urn:x"),
            Element("x", Namespace.dataForms), DataForm(.submit).element,
        ]
        for form in forms { juliet.tells(form) }
        answer(romeo, "perhaps")
        #expect(juliet.hears() == Array(repeating: "message error bad-request/modify", count: 5))
        #expect(romeo.hears() == ["message error bad-request/modify"])
    }
}
