import EventLoop
import Logging
import MUC
import Streams
import WebWire
import XMPP

/// One connection that speaks XMPP over WebSocket (RFC 6455, RFC 7395): ties it to its stream and the router.
///
/// It is the visitor's session, too, until stream management makes that a `ManagedSession`, which may outlive it.
@EventLoop
final class WebSocketSession: ConnectionHandler, ClientSession {
    private let connection: Connection
    let server: Server
    private var decoder: WebSocketDecoder
    var stream: WebSocketStream
    private(set) var visitor: VisitorSession
    /// The session, when stream management is on.
    private(set) var managed: ManagedSession?
    private var input: TokenBucket
    private var controlFrames: TokenBucket
    /// Authentication deadline first, liveness afterwards.
    private let timer = LoopTimer()
    private var lastReceived = EventLoop.now
    private var isClosing = false

    var jid: JID? { visitor.jid }

    init(connection: Connection, address: ClientAddress?, origin: String?, server: Server) {
        self.connection = connection
        self.server = server
        let limits = server.configuration.limits
        let now = WallClock.now
        decoder = WebSocketDecoder(
            limits: WebSocketLimits(
                message: limits.stanzaSize, emptyFragments: limits.controlFrames, controlFrames: limits.controlFrames))
        stream = WebSocketStream(domain: server.domain)
        visitor = VisitorSession(server: server, address: address, origin: origin)
        input = TokenBucket(rate: limits.byteRate, burst: limits.byteBurst, now: now)
        controlFrames = TokenBucket(rate: limits.stanzaRate, burst: limits.controlFrames, now: now)
        // The timer and the session hold each other until `leave`, which comes with the end of the connection at last.
        timer.start(after: limits.authenticationTimeout.milliseconds) { [self] in
            end(with: StreamError(.connectionTimeout, "Authentication took too long."))
        }
    }

    // MARK: - From the client

    func received(_ bytes: Span<UInt8>, on connection: Connection) {
        lastReceived = EventLoop.now
        var index = 0
        while !isClosing, let event = decoder.next(in: bytes, at: &index) { handle(event) }
        let pause = input.charge(bytes.count, now: WallClock.now)
        if pause > 0 { connection.pauseReading(for: pause) }
    }

    private func handle(_ event: WebSocketDecoder.Event) {
        switch event {
        case .text(let text): perform(stream.received(text.span, parser: server.parser))
        case .ping(let payload):
            guard passesControlFrame() else { return }
            sendControl { WebSocketEncoder.appendPong(payload, to: &$0) }
        case .pong: _ = passesControlFrame()
        case .close(let code, _):
            // Without XMPP's own <close/> before it, the page was left: perhaps for the next one.
            managed?.detach(wasClosed: true, from: server.address(of: self))
            close(code: code ?? WebSocketCloseCode.normal)
        case .failure(let code, let reason):
            server.logger.debug("websocket refused", metadata: ["code": "\(code)", "reason": "\(reason)"])
            server.metrics.refusedFrames += 1
            close(code: code, reason: reason)
        }
    }

    /// What costs us an answer, or nothing but time, may not come without end.
    func passesControlFrame() -> Bool {
        if controlFrames.take(now: WallClock.now) { return true }
        close(code: WebSocketCloseCode.policyViolation, reason: "too many control frames")
        return false
    }

    func perform(_ actions: [WebSocketStream.Action]) {
        for action in actions {
            switch action {
            case .send(let text): send(text)
            case .authenticate(let credentials): authenticate(credentials)
            case .bind(let resource): bind(resource)
            case .route(let stanza): route(stanza)
            case .refuse(let reply): refuse(reply)
            case .enable(let request): enable(request)
            case .resume(let request): resume(request)
            case .acknowledged(let count): acknowledged(count)
            case .acknowledge: acknowledge()
            case .close(let error):
                if let error {
                    server.logger.debug("stream ended", metadata: ["condition": "\(error.condition.rawValue)"])
                }
                close(code: WebSocketCloseCode.normal)
            }
        }
    }

    private func authenticate(_ credentials: ClientStream.Credentials) {
        switch visitor.authenticate(credentials) {
        case .success(let identity): perform(stream.authenticated(as: identity, extensions: visitor.freshToken()))
        case .failure(let failure): perform(stream.authenticationFailed(failure))
        }
    }

    private func bind(_ resource: String?) {
        switch visitor.bind(self, resource: resource) {
        case .success(let jid):
            startLivenessChecks()
            perform(stream.bound(to: jid))
        case .failure(let error): perform(stream.bindFailed(error))
        }
    }

    private func route(_ stanza: Stanza) {
        let error = managed.map { $0.route(stanza) } ?? visitor.route(stanza)
        if let error { end(with: error) }
    }

    private func refuse(_ reply: Stanza?) {
        if let managed { return managed.refuse(reply) }
        if let reply { deliver(StanzaBytes(reply)) }
    }

    /// Stream management is on, for this session; or this connection has none any more.
    func manage(_ session: ManagedSession?) {
        managed = session
        if let session { visitor = session.visitor }
    }

    // MARK: - To the client

    func deliver(_ stanza: StanzaBytes) { write(stanza) }

    func write(_ stanza: StanzaBytes) {
        server.metrics.deliveries &+= 1
        let count = stanza.count(to: visitor.recipient)
        connection.send(count: count + WebSocketEncoder.maximumHeader) { output in
            WebSocketEncoder.appendHeader(opcode: .text, length: count, to: &output)
            stanza.append(to: visitor.recipient, into: &output)
        }
    }

    func end(with error: StreamError) {
        perform(stream.end(with: error))
    }

    func send(_ text: [UInt8]) {
        connection.send(count: text.count + WebSocketEncoder.maximumHeader) { output in
            WebSocketEncoder.appendText(text, to: &output)
        }
    }

    private func sendControl(_ write: (inout [UInt8]) -> Void) {
        connection.send(count: WebSocketEncoder.maximumControlFrame, write)
    }

    /// Sends the close frame and closes; whatever comes after it is ignored (RFC 6455 §5.5.1).
    private func close(code: UInt16, reason: String = "") {
        guard !isClosing else { return }
        isClosing = true
        leave()
        sendControl { WebSocketEncoder.appendClose(code: code, reason: reason, to: &$0) }
        connection.close()
    }

    // MARK: - Liveness and the end

    /// WebSocket pings find connections that died without a word (RFC 6455 §5.5.2).
    func startLivenessChecks() {
        // Nobody would stop them.
        guard !isClosing else { return }
        let limits = server.configuration.limits
        let interval = limits.pingInterval.milliseconds
        let deadAfter = limits.deadAfter.milliseconds
        timer.start(after: interval, every: interval) { [self] in
            let silence = EventLoop.now - lastReceived
            if silence >= deadAfter {
                visitor.ending = .errored
                connection.abort()
            } else if silence >= interval / 2 {
                // Half, since the answer to the last ping came a little less than a whole interval ago.
                sendControl { WebSocketEncoder.appendPing([], to: &$0) }
            }
            managed?.check()
        }
    }

    func closed(_ connection: Connection) {
        if !isClosing {
            if connection.closeReason == .overflow {
                visitor.ending = .errored
            } else {
                managed?.detach(wasClosed: false, from: server.address(of: self))
            }
        }
        isClosing = true
        leave()
        server.sessionClosed(self)
    }

    /// The connection is over, and with it the session, unless that has another one or waits for it.
    private func leave() {
        timer.cancel()
        guard let managed else { return visitor.leave(self) }
        if managed.connection === self { managed.finish() }
    }
}
