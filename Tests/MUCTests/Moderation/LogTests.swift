import Testing
import XMPP

@testable import MUC

@Suite struct LogTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"])

    init() {
        for (actor, nick) in [(romeo, "Romeo"), (juliet, "Juliet"), (nurse, "Nurse")] { actor.isIn(as: nick) }
    }

    /// Kind, who, whom, before, after, why; oldest first.
    private func log(_ actor: Actor, of to: String = "balcony") -> [String] {
        actor.commands("log", to: to).rows("kind", "actor-nick", "target", "before", "after", "reason").reversed()
    }

    private func undo(_ actor: Actor, _ index: Int) -> CommandAnswer {
        let begun = actor.commands("undo")
        let options = begun.options("act")
        guard options.indices.contains(index) else { return begun }
        return actor.commands("undo", session: begun.sessionID, ["act": [options[index]]])
    }

    @Test func everyDoorWritesIntoOneLog() {
        romeo.moderates(["nick": "Juliet", "role": "visitor"], reason: "hush")
        romeo.moderates(["nick": "Juliet", "role": "none"])
        romeo.moderates(["jid": "paris@verona.example", "affiliation": "outcast"], reason: "feud")
        romeo.setsSubject("the moon")
        romeo.configures(["muc#roomconfig_moderatedroom": "1"])
        romeo.bans("nurse@verona.example", reason: "gossip")
        #expect(
            log(romeo) == [
                "role Romeo juliet@verona.example participant visitor hush",
                "kick Romeo juliet@verona.example visitor none ",
                "affiliation Romeo paris@verona.example none outcast feud",
                "subject Romeo   the moon ",
                "configuration Romeo   muc#roomconfig_moderatedroom ",
                "ban Romeo nurse@verona.example  6 gossip",
            ])
    }

    @Test func retractionsAndGrantedVoiceAreInTheLogToo() throws {
        juliet.says("a slander")
        let id = try #require(juliet.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
        romeo.asks(
            Element("moderate", Namespace.moderation, ["id": id], [Element("retract", Namespace.retraction)]),
            type: "set")
        romeo.moderates(["nick": "Juliet", "role": "visitor"])
        var form = DataForm(.submit, type: Namespace.mucRequest)
        form.fields = [
            DataForm.Field("muc#role", ["participant"]), DataForm.Field("muc#jid", [juliet.jid.description]),
            DataForm.Field("muc#roomnick", ["Juliet"]), DataForm.Field("muc#request_allow", ["1"]),
        ]
        romeo.does(.message, nil, [form.element])
        #expect(
            log(romeo) == [
                "retraction Romeo \(id)   ", "role Romeo juliet@verona.example participant visitor ",
                "role Romeo juliet@verona.example visitor participant ",
            ])
    }

    @Test func whatIsRefusedIsNotInTheLog() {
        juliet.moderates(["nick": "Nurse", "role": "none"])
        romeo.moderates(["nick": "Juliet", "role": "none"], ["nick": "Nobody", "role": "none"])
        #expect(log(romeo).isEmpty)
    }

    @Test func moderatorsReadTheLogOfTheirRoomAndAdministratorsAll() {
        nurse.isIn(as: "Nurse", room: "kitchen")
        romeo.moderates(["nick": "Juliet", "role": "none"])
        nurse.asks(
            Element(
                "query", Namespace.mucAdmin,
                [
                    Element("item", Namespace.mucAdmin, ["jid": "paris@verona.example", "affiliation": "outcast"])
                ]), of: "kitchen", type: "set")
        #expect(log(romeo).count == 1)
        #expect(log(nurse, of: "kitchen").count == 1)
        #expect(log(prince, of: "").count == 2)
        #expect(juliet.commands("log").error == "forbidden")
        #expect(nurse.commands("log").error == "forbidden")
    }

    @Test func theLogIsBoundedAndHandedOut() {
        let stage = Stage {
            $0.moderation.acts = 3
            $0.moderation.actsPerPage = 2
        }
        let romeo = stage.actor("romeo@verona.example/orchard")
        romeo.isIn(as: "Romeo")
        for index in 1...5 { romeo.setsSubject("subject \(index)") }
        #expect(romeo.commands("log").rows("id") == ["5", "4"])
        #expect(romeo.commands("log", ["before-id": ["4"]]).rows("id") == ["3"])
        #expect(stage.records.count == 5)
    }

    @Test func anActIsUndoneWithTheRightsOfWhoeverUndoesIt() {
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "outcast"], reason: "feud")
        #expect(undo(romeo, 0).status == "completed")
        #expect(stage.room()?.affiliation(of: juliet.jid.bare) == Affiliation.none)
        juliet.isIn(as: "Juliet")
        romeo.moderates(["nick": "Nurse", "role": "moderator"])
        romeo.moderates(["jid": "juliet@verona.example", "affiliation": "member"])
        #expect(undo(nurse, 0).error == "forbidden")
        #expect(stage.room()?.affiliation(of: juliet.jid.bare) == .member)
        #expect(romeo.commands("log").rows("kind", "undone").contains("undo 0"))
    }

    @Test func voiceSubjectAndBansAreUndone() {
        romeo.setsSubject("the moon")
        romeo.setsSubject("spam")
        #expect(undo(romeo, 0).note == "2: subject (the moon → spam): undone.")
        #expect(juliet.hears().last == "Romeo sets the subject: the moon")

        romeo.moderates(["nick": "Juliet", "role": "visitor"])
        juliet.does(.presence, to: "balcony/Jule")
        #expect(undo(romeo, 0).status == "completed")
        #expect(stage.room()?.occupants["Jule"]?.role == .participant)

        romeo.bans("nurse@verona.example")
        #expect(undo(romeo, 0).status == "completed")
        #expect(stage.service.bans.isEmpty)
    }

    @Test func nothingIsUndoneTwice() {
        romeo.bans("nurse@verona.example")
        let begun = romeo.commands("undo")
        let options = begun.options("act")
        #expect(options.count == 1)
        #expect(romeo.commands("undo", session: begun.sessionID, ["act": options]).status == "completed")
        let again = romeo.commands("undo")
        #expect(again.options("act").isEmpty)
        #expect(romeo.commands("undo", session: again.sessionID, ["act": options]).error == "item-not-found")
    }

    @Test func theLogGoesOnAfterARestart() {
        romeo.bans("nurse@verona.example", reason: "gossip")
        let acts = stage.records.compactMap { if case .act(let act) = $0 { act } else { nil } }
        let elsewhere = Stage()
        elsewhere.service.restore(stage.service.bans, acts, now: elsewhere.now)
        let owner = elsewhere.actor("romeo@verona.example/orchard")
        owner.isIn(as: "Romeo")
        owner.setsSubject("the moon")
        #expect(owner.commands("log").rows("id", "kind", "reason") == ["3 subject ", "2 ban gossip"])
    }
}
