import EventLoop
import MUC
import Streams
import XMPP

/// A visitor's session with stream management (XEP-0198). If the client wants it so, it outlives its connection: it
/// keeps its address and its places in rooms, and what comes for it, until the client resumes it or time is up.
@EventLoop
final class ManagedSession: ClientSession {
    let visitor: VisitorSession
    /// What the client has to know to resume it; nil when it ends with its connection.
    let resumption: StreamManagement.Resumption?
    private(set) var management: StreamManagement

    private let server: Server
    /// Nil while nobody is connected. The two hold each other until the connection's end.
    private(set) var connection: WebSocketSession?
    private(set) var isDetached = false
    /// Where its last connection came from.
    private(set) var address: ClientAddress?
    private var hasEnded = false
    /// Whether something for the client was dropped: there is no way to go on from there.
    private var hasGap = false
    private let timer = LoopTimer()

    var jid: JID? { visitor.jid }

    init(
        _ visitor: VisitorSession, _ resumption: StreamManagement.Resumption?, connection: WebSocketSession,
        server: Server
    ) {
        self.visitor = visitor
        self.resumption = resumption
        self.connection = connection
        self.server = server
        management = StreamManagement(
            recipient: visitor.recipient, limits: StreamManagement.Limits(server.configuration.limits))
    }

    // MARK: - From the client

    /// Routes a stanza of the client, which then counts as handled; the error if the session has to end.
    func route(_ stanza: Stanza) -> StreamError? {
        if let error = visitor.route(stanza) { return error }
        management.handle()
        return nil
    }

    /// Answers a stanza of the client that is no good; it is handled by that.
    func refuse(_ reply: Stanza?) {
        if let reply { deliver(StanzaBytes(reply)) }
        management.handle()
    }

    /// An `<a/>`: whether it tells anything, or answers a question of ours.
    func acknowledged(_ h: UInt32) -> Result<Bool, StreamError> {
        let wasAsked = management.closeRequest()
        switch management.acknowledge(h) {
        case .accepted(let count): return .success(wasAsked || count > 0)
        case .stale: return .success(wasAsked)
        case .tooHigh: return .failure(StreamManagement.countTooHigh(h, sent: management.sent))
        }
    }

    // MARK: - To the client

    func deliver(_ stanza: StanzaBytes) {
        guard !hasGap else { return }
        switch management.append(stanza, isConnected: connection != nil) {
        case .queued: connection?.write(stanza)
        case .queuedToBeAsked:
            connection?.write(stanza)
            ask()
        case .full: overflow()
        }
    }

    private func ask() {
        guard let connection else { return }
        management.openRequest()
        connection.requestAcknowledgement()
    }

    /// Too much waits. Rooms are told at the end of this turn: they may be in the middle of telling others something.
    private func overflow() {
        hasGap = true
        server.resumables.forget(self)
        timer.start(after: 0) { [self] in
            visitor.ending = .errored
            end(with: StreamError(.policyViolation, "Too much was sent that was not acknowledged."))
        }
    }

    /// Called now and then while there is a connection: asks for what has not been acknowledged, before all falls idle.
    func check() {
        if management.isStuck() { return overflow() }
        if management.hasNews { ask() }
    }

    // MARK: - Connections

    /// Whether the client can go on from the `h` that it has.
    enum Verdict {
        case resumed
        /// It lacks what is not kept any more.
        case impossible
        case refused(StreamError)
    }

    /// The client is back, on this connection, and has handled so much. A connection that it had until now is closed.
    /// `welcome` tells the client, before everything that it has missed.
    func resume(
        _ h: UInt32, on newConnection: WebSocketSession, _ welcome: () -> Void
    ) -> Verdict {
        guard !hasGap, !hasEnded else { return .impossible }
        switch management.acknowledge(h) {
        case .accepted: break
        case .stale: return .impossible
        case .tooHigh: return .refused(StreamManagement.countTooHigh(h, sent: management.sent))
        }
        let former = connection
        connection = newConnection
        former?.replaced()
        timer.cancel()
        reattach()
        visitor.ending = .left
        visitor.move(to: server.address(of: newConnection))
        server.metrics.resumedSessions += 1
        welcome()
        management.resume { newConnection.write($0) }
        if management.hasNews { ask() }
        return .resumed
    }

    /// The connection is gone, and the client has not ended its stream.
    /// - Parameter wasClosed: in order, by a close frame.
    func detach(wasClosed: Bool, from address: ClientAddress?) {
        guard !hasEnded else { return }
        connection = nil
        self.address = address
        let limits = server.configuration.limits
        let longest = resumption.map { Int64($0.window) * 1_000 } ?? 0
        let window = wasClosed ? min(longest, limits.resumeAfterClose.milliseconds) : longest
        guard window > 0, !hasGap, server.resumables.detach(self) else { return finish() }
        isDetached = true
        timer.start(after: window) { [self] in
            server.metrics.expiredSessions += 1
            returnToSenders()
            finish()
        }
    }

    private func reattach() {
        guard isDetached else { return }
        isDetached = false
        server.resumables.reattach(self)
    }

    // MARK: - The end

    /// Ends the session from our side, and its stream if there is one.
    func end(with error: StreamError) {
        guard let connection else { return finish() }
        connection.end(with: error)
    }

    /// Tells those who wrote to the client alone that it has not come back for it (XEP-0198 §5). No condition that
    /// means "gone" (XEP-0045 §14.4): a room would let go upon the first, and pass on none of the others.
    private func returnToSenders() {
        for document in management.neverSent {
            guard let element = try? server.parser.parseDocument(document.span), let stanza = try? Stanza(element),
                stanza.isRequest || (stanza.kind == .message && stanza.type != "groupchat"),
                let error = stanza.error(
                    StanzaError(.undefinedCondition, .wait, "The recipient was away and has not come back."))
            else { continue }
            server.router.route(error)
        }
    }

    /// Ends the session: it leaves its rooms, once. What is known of it is remembered for a client that comes too late.
    func finish() {
        guard !hasEnded else { return }
        hasEnded = true
        connection = nil
        timer.cancel()
        reattach()
        server.resumables.remove(self)
        visitor.leave(self)
    }
}
