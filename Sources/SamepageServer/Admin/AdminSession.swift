import EventLoop
import MUC
import XMPP

/// One request of the admin API as the rooms see it: an XMPP client that asks and is answered.
///
/// It awaits answers, which no handler of stanzas may: it holds nothing of the rooms, and what it is told was true when it
/// was said.
@EventLoop
final class AdminSession {
    /// How long an answer may take, in milliseconds: longer than a room takes to come from the archive.
    static let patience: Int64 = 15_000

    /// Full.
    let jid: JID
    private let router: Router
    private var waiting: (id: String, continuation: CheckedContinuation<Stanza?, Never>)?
    private var serial = 0
    /// Messages before the answer: a page of the archive, whose size the rooms limit.
    private var messages: [Stanza] = []
    private let deadline = LoopTimer()

    init(jid: JID, router: Router) {
        self.jid = jid
        self.router = router
    }

    /// The address of the rooms' service.
    var service: JID { router.settings.service }

    /// Sends a request to the rooms, and returns what the answer holds.
    func ask(_ type: String, _ payload: Element, of to: JID) async throws(StanzaError) -> Element? {
        guard let answer = await answer(to: type, payload, of: to) else {
            throw StanzaError(.remoteServerTimeout, nil, "The room does not answer.")
        }
        if let error = answer.reportedError { throw error }
        return answer.payload.first
    }

    /// The same for a question that is answered by messages too (XEP-0313).
    func collect(_ type: String, _ payload: Element, of to: JID) async throws(StanzaError) -> [Stanza] {
        messages = []
        _ = try await ask(type, payload, of: to)
        return messages
    }

    /// Nil when none comes.
    private func answer(to type: String, _ payload: Element, of to: JID) async -> Stanza? {
        serial += 1
        let id = "a\(serial)"
        return await withCheckedContinuation { continuation in
            waiting = (id, continuation)
            deadline.start(after: Self.patience) { [weak self] in self?.resume(nil) }
            router.routeToRooms(Stanza(.iq, type: type, id: id, from: jid, to: to, [payload]))
        }
    }

    func receive(_ stanza: Stanza) {
        if stanza.kind == .message { return messages.append(stanza) }
        if stanza.kind == .iq, !stanza.isRequest, stanza.id == waiting?.id { resume(stanza) }
    }

    /// Nobody waits for it any more.
    func end() {
        resume(nil)
        router.sessionEnded(jid, .left)
    }

    private func resume(_ answer: Stanza?) {
        deadline.cancel()
        guard let waiting else { return }
        self.waiting = nil
        waiting.continuation.resume(returning: answer)
    }
}
