import Testing
import XMPP

@testable import MUC

@Suite struct PresenceTests: Verona {
    let stage = Stage()

    init() {
        romeo.isIn(as: "Romeo")
        juliet.isIn(as: "Juliet")
        _ = romeo.gets()
    }

    private func status(_ text: String) -> Element { Element("status", Namespace.client, text: text) }

    @Test func aChangeOfPresenceReachesAll() {
        juliet.does(
            .presence, to: "balcony/Juliet", [Element("show", Namespace.client, text: "away"), status("asleep")])
        #expect(
            romeo.hears() == [
                "Juliet is here: none/participant <juliet@verona.example/chamber> show away status asleep"
            ])
        #expect(
            juliet.hears() == [
                "Juliet is here: none/participant 110 <juliet@verona.example/chamber> show away status asleep"
            ])
    }

    @Test func newcomersSeeTheLastPresence() {
        juliet.does(.presence, to: "balcony/Juliet", [status("awake")])
        let nurse = stage.actor("nurse@verona.example/door")
        nurse.joins("Nurse")
        #expect(nurse.hears().contains("Juliet is here: none/participant status awake"))
    }

    @Test func leavingReachesAllWithItsStatusText() {
        juliet.leaves("Juliet", status: "parting is such sweet sorrow")
        #expect(
            romeo.hears() == [
                "Juliet is gone: none/none <juliet@verona.example/chamber> status parting is such sweet sorrow"
            ])
        #expect(
            juliet.hears() == [
                "Juliet is gone: none/none 110 <juliet@verona.example/chamber> status parting is such sweet sorrow"
            ])
        juliet.says("Romeo?")
        #expect(juliet.hears() == ["message error not-acceptable/modify"])
        #expect(romeo.hears() == [])
    }

    @Test func leavingNeedsNoNick() {
        juliet.does(.presence, "unavailable", to: "balcony")
        #expect(romeo.hears() == ["Juliet is gone: none/none <juliet@verona.example/chamber>"])
    }

    @Test func leavingWorksWithAStatusThatIsTooLarge() {
        juliet.leaves("Juliet", status: String(repeating: "O", count: 10_000))
        #expect(romeo.hears() == ["Juliet is gone: none/none <juliet@verona.example/chamber>"])
    }

    @Test func unavailableOfAStrangerDoesNothing() {
        let nurse = stage.actor("nurse@verona.example/door")
        nurse.leaves("Nurse")
        nurse.leaves("Juliet")
        #expect(nurse.hears() == [] && romeo.hears() == [] && juliet.hears() == [])
    }

    @Test func aSessionThatEndsLeavesAllItsRooms() {
        juliet.isIn(as: "Juliet", room: "chapel")
        juliet.ends(.left)
        #expect(romeo.hears() == ["Juliet is gone: none/none <juliet@verona.example/chamber>"])
        #expect(juliet.hears() == [])
        #expect(stage.room("chapel") == nil)
        #expect(stage.service.context.memberships.rooms(of: juliet.jid) == [])
    }

    @Test func aSessionThatFailsLeavesWith333() {
        juliet.ends(.errored)
        #expect(romeo.hears() == ["Juliet is gone: none/none 333 <juliet@verona.example/chamber>"])
    }

    @Test func atShutdownEverybodyGetsOnlyItsOwn332() {
        stage.deliver(stage.service.shutdown(now: stage.now))
        #expect(romeo.hears() == ["Romeo is gone: owner/none 110 332 <romeo@verona.example/orchard>"])
        #expect(juliet.hears() == ["Juliet is gone: none/none 110 332 <juliet@verona.example/chamber>"])
        #expect(stage.service.roomCount == 0)
    }

    @Test(arguments: [
        "gone", "item-not-found", "recipient-unavailable", "redirect", "remote-server-not-found",
        "remote-server-timeout",
        "service-unavailable", "jid-malformed", "internal-server-error",
    ])
    func anErrorThatMeansGoneTakesItsSenderOut(_ condition: String) {
        let error = Element("error", Namespace.client, ["type": "cancel"], [Element(condition, Namespace.stanzaErrors)])
        juliet.does(.message, "error", to: "balcony/Romeo", [error])
        #expect(romeo.hears() == ["Juliet is gone: none/none 333 <juliet@verona.example/chamber>"])
        #expect(juliet.hears() == ["Juliet is gone: none/none 110 333 <juliet@verona.example/chamber>"])
    }

    @Test func otherErrorsAndThoseOfStrangersDoNothing() {
        let wait = Element(
            "error", Namespace.client, ["type": "wait"], [Element("resource-constraint", Namespace.stanzaErrors)])
        let gone = Element("error", Namespace.client, ["type": "cancel"], [Element("gone", Namespace.stanzaErrors)])
        juliet.does(.message, "error", [wait])
        juliet.does(.presence, "error", [Element("error", Namespace.client)])
        juliet.does(.message, "error")
        stage.actor("nurse@verona.example/door").does(.presence, "error", to: "balcony/Juliet", [gone])
        stage.actor("nurse@verona.example/door").does(.message, "error", to: "nowhere", [gone])
        #expect(romeo.hears() == [] && juliet.hears() == [] && stage.waiting == [])
        #expect(stage.room()?.summary.occupants == 2)
    }
}
