import Testing
import XMPP

@testable import SamepageServer

struct LinkQueueTests {
    private func entry(_ body: String) -> LinkQueue.Entry {
        let stanza = Stanza(.message, from: jid("a@b.example"), [Element("body", Namespace.client, text: body)])
        return LinkQueue.Entry(stanza: StanzaBytes(stanza), recipient: jid("c@d.example"), head: nil)
    }

    @Test func itTakesWhatFitsAndGivesItBackInOrder() {
        var queue = LinkQueue(limit: 2_000)
        var taken = 0
        while queue.append(entry("\(taken)")) { taken += 1 }
        #expect((3...10).contains(taken))
        #expect(queue.take().count == taken)
        #expect(queue.take().isEmpty)
        expectEqual(queue.append(entry("again")), true)
    }

    @Test func whatIsLargerThanTheQueueNeverFits() {
        var queue = LinkQueue(limit: 2_000)
        expectEqual(queue.append(entry(String(repeating: "x", count: 2_000))), false)
        #expect(queue.entries.isEmpty)
    }
}
