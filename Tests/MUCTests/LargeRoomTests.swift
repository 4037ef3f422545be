import Testing
import XMPP

@testable import MUC

@Suite struct LargeRoomTests {
    /// What must not grow with the room: the number of effects, and the copies of the list of its sessions.
    @Test func aThousandOccupantsCostOneBroadcastAMessage() throws {
        let stage = Stage()
        for number in 0..<1_000 { stage.actor("p\(number)@verona.example/a").isIn(as: "Nick \(number)") }
        let room = try #require(stage.room())
        let first = stage.actor("p0@verona.example/a")
        let message = Stanza(.message, type: "groupchat", from: first.jid, to: room.jid, [.body("hello")])
        for effect in stage.service.handle(message, now: stage.now).effects {
            guard case .broadcast(_, let recipients) = effect else {
                Issue.record("sent one by one")
                return
            }
            #expect(recipients.count == 1_000)
        }
        let away = Stanza(.presence, from: first.jid, to: room.occupants["Nick 0"]?.address)
        #expect(stage.service.handle(away, now: stage.now).effects.count <= 3)
    }
}
