import Testing
import XMPP

@testable import MUC

/// Moderation where what is said waits for the archive.
@Suite struct ArchivedModerationTests: Verona {
    let stage: Stage
    let archive: StageArchive

    init() {
        var settings = MUCSettings(service: Stage.jid(Stage.service))
        settings.isArchived = true
        settings.isArchiveOpen = true
        settings.staffRoom = Stage.jid("office@\(Stage.service)")
        stage = Stage(settings)
        archive = StageArchive(stage)
        for (actor, nick) in [(nurse, "Nurse"), (tybalt, "Tybalt")] {
            actor.comes(from: nick)
            actor.joins(nick)
            archive.work()
        }
        _ = (nurse.gets(), tybalt.gets())
    }

    private var acts: [ModerationAct.Kind] {
        stage.records.compactMap { if case .act(let act) = $0 { act.kind } else { nil } }
    }

    @Test func whoIsBannedByTheNetworkDoesNotReadTheArchiveEither() {
        let paris = stage.actor("paris@verona.example/church")
        paris.comes(from: "Tybalt")
        let query = Element("query", Namespace.mam)
        paris.asks(query, type: "set")
        archive.work()
        #expect(paris.hears() == ["iq result fin"])
        nurse.bans("Tybalt", wide: true)
        paris.asks(query, type: "set")
        tybalt.asks(query, type: "set")
        archive.work()
        #expect(paris.hears() == ["iq error forbidden/auth"])
        #expect(tybalt.hears().last == "iq error forbidden/auth")
    }

    @Test func aRoomOfTheStaffThatNobodyHasOpenedIsTold() throws {
        var office = RoomConfiguration(name: "Office")
        office.isPersistent = true
        office.isLogged = true
        archive.rooms["office"] = RoomState(localpart: "office", configuration: office)
        tybalt.says("buy")
        archive.work()
        let id = try #require(nurse.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
        for _ in 0..<2 {
            nurse.asks(
                Element(
                    "report", Report.namespace, ["reason": "urn:xmpp:reporting:abuse"],
                    [Element("stanza-id", Namespace.stanzaIDs, ["by": "balcony@\(Stage.service)", "id": id])]),
                type: "set")
        }
        archive.work()
        let told = archive.messages.filter { $0.room == "office" }
        let text = told.first?.stanza.child("body", Namespace.client)?.text
        #expect(text?.hasSuffix("Nurse reports abuse by Tybalt: buy") == true && told.count == 2)
    }

    @Test func whatIsReleasedIsArchivedThenAndNotBefore() throws {
        stage.room()?.configuration.moderation.holdsFirstMessages = true
        tybalt.says("peace")
        archive.work()
        #expect(archive.messages.isEmpty)
        let held = nurse.commands("held")
        let id = try #require(stage.room()?.speech.held.entries.first?.id)
        _ = nurse.gets()
        stage.receive(release(id, session: held.sessionID))
        #expect(nurse.hears() == [])
        archive.work()
        #expect(archive.messages.map(\.nick) == ["Tybalt"])
        #expect(nurse.hears() == ["Tybalt: peace", "iq result command"])
    }

    private func release(_ id: Int, session: String?) -> Stanza {
        var form = DataForm(.submit)
        form.fields = [DataForm.Field("messages", [String(id)]), DataForm.Field("verdict", ["release"])]
        return Stanza(
            .iq, type: "set", id: "release", from: nurse.jid, to: Stage.jid("balcony@\(Stage.service)"),
            [
                Element(
                    "command", Namespace.commands,
                    ["node": "\(Namespace.moderationCommands)#held", "sessionid": session], [form.element])
            ])
    }

    @Test func aSubjectIsInTheLogWhenTheRoomHasIt() {
        nurse.does(.message, "groupchat", [Element("subject", Namespace.client, text: "peace")])
        #expect(!acts.contains(.subject))
        archive.work()
        #expect(acts.last == .subject)
    }

    @Test func aReportIsInTheArchiveOfTheStaff() throws {
        let prince = stage.actor("prince@verona.example/palace")
        prince.joins("Prince", room: "office")
        archive.work()
        tybalt.says("buy")
        archive.work()
        _ = prince.gets()
        let id = try #require(archive.messages.last?.id)
        let stanzaID = Element(
            "stanza-id", Namespace.stanzaIDs, ["by": "balcony@\(Stage.service)", "id": id.description])
        nurse.asks(
            Element("report", Report.namespace, ["reason": Report.Reason.abuse.rawValue], [stanzaID]), type: "set")
        #expect(prince.hears() == [])
        archive.work()
        #expect(prince.hears() == ["nobody: balcony: Nurse reports abuse by Tybalt: buy"])
        #expect(archive.messages.last?.room == "office" && archive.messages.last?.nick == "")
    }
}
