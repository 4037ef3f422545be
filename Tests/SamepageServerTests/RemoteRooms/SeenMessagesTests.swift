import Testing
import XMPP

@testable import SamepageServer

@Suite struct SeenMessagesTests {
    @Test func copiesOfAMessageHaveOnePlace() {
        var seen = SeenMessages(capacity: 4)
        let first = seen.note("a")
        let second = seen.note("b")
        #expect(seen.note("a") == first && first < second)
    }

    @Test func onlyTheLatestAreKnown() {
        var seen = SeenMessages(capacity: 3)
        for number in 1...10 { _ = seen.note("\(number)") }
        #expect(seen.count == 3)
        #expect((1...10).filter { seen.place(of: "\($0)") != nil } == [8, 9, 10])
        #expect(seen.place(of: "10") == 10)
    }

    @Test func aMessageIsKnownByTheIDThatTheRoomGaveItAndNoOther() {
        let room = Playhouse.jid("a@conference.example")
        func message(by: String, body: String) -> Stanza {
            Stanza(
                .message, type: "groupchat", id: "1", from: room.with(resource: "Romeo"),
                [
                    Element("body", Namespace.client, text: body),
                    Element("stanza-id", Namespace.stanzaIDs, ["id": "x", "by": by]),
                ])
        }
        func key(_ message: Stanza) -> String { SeenMessages.key(of: message, room: room) }
        #expect(key(message(by: room.description, body: "a")) == key(message(by: room.description, body: "b")))
        #expect(key(message(by: "other.example", body: "a")) != key(message(by: "other.example", body: "b")))
        #expect(key(message(by: "other.example", body: "a")) == key(message(by: "x.example", body: "a")))
    }
}
