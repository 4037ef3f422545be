import Testing
import XMPP

@testable import MUC

/// Where an archive meets what moderators and owners do.
@Suite struct ArchivedRoomTests: Verona {
    let stage = Stage(admins: ["prince@verona.example"], archive: true) { $0.archiveQueue = 4 }
    let archive: StageArchive

    init() {
        archive = StageArchive(stage)
        stage.policy.origin = { localpart, _, _ in .page(url: "https://verona.example/", name: localpart) }
        for (actor, nick) in [(prince, "Prince"), (romeo, "Romeo"), (juliet, "Juliet")] {
            actor.joins(nick)
            archive.work()
        }
        hush()
    }

    private func hush() { _ = (prince.gets(), romeo.gets(), juliet.gets()) }

    /// Says something and returns the id that the room gave it.
    private func id(of body: String, by actor: Actor) throws -> String {
        actor.says(body)
        archive.work()
        defer { hush() }
        return try #require(actor.gets().last?.child("stanza-id", Namespace.stanzaIDs)?["id"])
    }

    private func moderation(_ id: String) -> Element {
        Element("moderate", Namespace.moderation, ["id": id], [Element("retract", Namespace.retraction)])
    }

    private var retractions: [String?] {
        (stage.changes["balcony"] ?? []).compactMap { change in
            if case .retraction(_, let author, _) = change { author ?? "a moderator" } else { nil }
        }
    }

    private func logs(_ isOn: Bool) {
        prince.configures(["muc#roomconfig_enablelogging": isOn ? "1" : "0"])
        archive.work()
        hush()
    }

    // MARK: Retraction

    @Test func aModeratorsRetractionIsArchivedAndThenTold() throws {
        let id = try id(of: "fie", by: romeo)
        prince.asks(moderation(id), type: "set")
        #expect(prince.hears() == [] && juliet.hears() == [])
        // The archive forgets no later than anybody hears of it.
        #expect(retractions == ["a moderator"])
        archive.work()
        let heard = prince.gets()
        #expect(heard.map(\.kind) == [.message, .iq] && heard.last?.type == "result")
        let notice = try #require(juliet.gets().first)
        let kept = try #require(archive.messages.last)
        #expect(kept.kind == .reference && kept.person == nil && kept.stanza.payload == notice.payload)
        #expect(notice.child("stanza-id", Namespace.stanzaIDs)?["id"] == kept.id.description)
        #expect(notice.id == kept.id.description)
    }

    @Test func aModeratorIsToldWhenTheRetractionCouldNotBeStored() throws {
        let id = try id(of: "fie", by: romeo)
        archive.isBroken = true
        prince.asks(moderation(id), type: "set")
        archive.work()
        #expect(prince.hears() == ["iq error resource-constraint/wait"] && juliet.hears() == [])
        archive.isBroken = false
        prince.asks(moderation(id), type: "set")
        archive.work()
        #expect(prince.gets().last?.type == "result" && retractions.count == 2)
    }

    @Test func aRetractionThatIsRefusedRetractsNothing() throws {
        let id = try id(of: "fie", by: romeo)
        for number in 0..<4 { juliet.says("\(number)") }
        romeo.does(.message, "groupchat", [Element("retract", Namespace.retraction, ["id": id])])
        #expect(romeo.hears() == ["message error resource-constraint/wait"] && retractions.isEmpty)
        #expect(stage.room()?.history.message(id, by: Stage.jid("balcony@\(Stage.service)"))?.hasChild("body") == true)
    }

    @Test func theArchiveIsToldWhoSaysToBeTheAuthor() throws {
        let id = try id(of: "fie", by: romeo)
        romeo.does(.message, "groupchat", [Element("retract", Namespace.retraction, ["id": id])])
        #expect(retractions == ["id-of-romeo-in-balcony"] && juliet.hears() == [])
        archive.work()
        #expect(archive.messages.map(\.kind) == [.spoken, .reference])
        #expect(juliet.gets().count == 1)
    }

    @Test func whatARoomForgotIsTakenOutOfTheArchiveThoughItsStateHasToBeStoredAgain() throws {
        let id = try id(of: "fie", by: romeo)
        archive.isBroken = true
        stage.deliver(stage.service.saved("balcony", isKept: false))
        prince.asks(moderation(id), type: "set")
        #expect(retractions == ["a moderator"])
    }

    // MARK: Logging

    @Test func anOwnerWhoTurnsLoggingOffKeepsWhatIsSaidOutOfTheArchive() throws {
        _ = try id(of: "logged", by: romeo)
        logs(false)
        let count = archive.messages.count
        romeo.says("between us")
        #expect(juliet.hears() == ["Romeo: between us"] && archive.waiting == 0)
        #expect(stage.room()?.history.count == 2)
        logs(true)
        romeo.says("for ever")
        archive.work()
        #expect(archive.messages.count == count + 1 && juliet.hears() == ["Romeo: for ever"])
    }

    @Test func whatIsNotLoggedComesBehindWhatIs() {
        romeo.says("logged")
        prince.configures(["muc#roomconfig_enablelogging": "0"])
        romeo.says("between us")
        #expect(juliet.hears() == [])
        archive.work()
        let heard = juliet.hears()
        #expect(heard.first == "Romeo: logged" && heard.last == "Romeo: between us" && heard.count == 3)
        #expect(archive.messages.count == 1)
    }

    @Test func theSubjectOfARoomThatIsNotLoggedIsKept() throws {
        logs(false)
        prince.setsSubject("the moon")
        guard case .subject(let subject) = stage.changes["balcony"]?.last else {
            Issue.record("nothing was kept")
            return
        }
        #expect(subject?.child("subject", Namespace.client)?.text == "the moon" && archive.messages.isEmpty)
    }

    // MARK: The end

    @Test func whatWasSaidBeforeTheEndOfARoomIsHeardBeforeIt() {
        romeo.says("one")
        prince.asks(Element("query", Namespace.mucOwner, [Element("destroy", Namespace.mucOwner)]), type: "set")
        #expect(juliet.hears() == [] && stage.service.roomCount == 0)
        archive.work()
        let heard = juliet.hears()
        #expect(heard.first == "Romeo: one" && heard.count == 2)
        #expect(stage.changes["balcony"]?.last == .destroyed)
    }

    @Test func aRoomWhoseStateCouldNotBeStoredIsDestroyedInTheArchiveToo() throws {
        _ = try id(of: "one", by: romeo)
        stage.deliver(stage.service.saved("balcony", isKept: false))
        prince.asks(Element("query", Namespace.mucOwner, [Element("destroy", Namespace.mucOwner)]), type: "set")
        #expect(stage.changes["balcony"]?.last == .destroyed && stage.service.unsaved.isEmpty)
    }
}
