import EventLoop
import Logging
import WebWire

/// One HTTP connection: requests in, answers out, until it ends or becomes a WebSocket.
@EventLoop
final class HTTPConnection: ConnectionHandler {
    private let server: Server
    private let routes: any HTTPRoutes
    private var decoder: HTTPRequestDecoder
    private let deadline = LoopTimer()
    private var awaited = HTTPRequestDecoder.Phase.idle
    /// Requests wait for their turn, since an answer is not yet sent.
    private var isHeldBack = false
    /// An answer is on its way.
    private var isAnswering = false {
        didSet { if isAnswering != oldValue { server.answersInFlight += isAnswering ? 1 : -1 } }
    }
    /// The request that is being held.
    private var pending: PendingAnswer?

    init(connection: Connection, server: Server, routes: any HTTPRoutes) {
        self.server = server
        self.routes = routes
        let limits = server.configuration.limits
        decoder = HTTPRequestDecoder(
            limits: HTTPLimits(head: limits.httpHead, uri: limits.httpURI, body: limits.httpBody))
        setDeadline(for: .idle, on: connection)
    }

    func received(_ bytes: Span<UInt8>, on connection: Connection) {
        // Nothing may follow a request that is held: its session keeps the answer for another connection.
        guard pending == nil else { return connection.abort() }
        decoder.receive(bytes)
        serve(connection)
    }

    /// The answers so far are with the kernel: on with the requests that waited for that.
    func drained(_ connection: Connection) {
        isAnswering = false
        guard isHeldBack else { return }
        isHeldBack = false
        connection.resumeReading()
        serve(connection)
    }

    private func serve(_ connection: Connection) {
        while connection.isOpen, pending == nil {
            // Whoever sends requests faster than it reads answers has to wait, so that no more than one answer does.
            guard connection.queuedBytes == 0 || !decoder.hasBufferedInput else {
                isHeldBack = true
                return connection.holdReading()
            }
            switch decoder.next() {
            case .needMore:
                if decoder.phase != awaited { setDeadline(for: decoder.phase, on: connection) }
                return
            case .expectContinue: connection.send(HTTPResponse.continueBytes)
            case .request(let request): answer(request, on: connection)
            case .failure(let status, let reason):
                server.logger.debug("request refused", metadata: ["status": "\(status)", "reason": "\(reason)"])
                server.metrics.refusedRequests += 1
                send(HTTPResponse(status: status, text: reason), on: connection, keepAlive: false)
            }
        }
    }

    private func answer(_ request: HTTPRequest, on connection: Connection) {
        // Each request has deadlines of its own.
        setDeadline(for: .idle, on: connection)
        server.metrics.requests += 1
        switch routes.answer(request, from: connection.peerAddress) {
        case .response(let response):
            send(
                response, on: connection, keepAlive: request.keepAlive, omitBody: request.method == "HEAD",
                minorVersion: request.minorVersion)
        case .later(let begin):
            deadline.cancel()
            let pending = PendingAnswer { [weak self, weak connection] response in
                guard let self, let connection else { return }
                self.pending = nil
                setDeadline(for: .idle, on: connection)
                send(
                    response, on: connection, keepAlive: request.keepAlive, omitBody: request.method == "HEAD",
                    minorVersion: request.minorVersion)
            }
            self.pending = pending
            begin(pending)
            // Whoever sent more together with a request that is held loses the connection, not the session.
            if !pending.isDone && decoder.hasBufferedInput { connection.abort() }
        case .upgrade(let response, let address, let origin):
            deadline.cancel()
            send(response, on: connection, keepAlive: true)
            // What follows is the session's.
            isAnswering = false
            let session = server.startSession(on: connection, from: address, origin: origin)
            let rest = decoder.takeRemaining()
            if !rest.isEmpty { session.received(rest.span, on: connection) }
        }
    }

    private func send(
        _ response: HTTPResponse, on connection: Connection, keepAlive: Bool, omitBody: Bool = false,
        minorVersion: Int = 1
    ) {
        let bytes = response.serialized(
            omitBody: omitBody, keepAlive: keepAlive, minorVersion: minorVersion,
            date: CurrentDate.field)
        isAnswering = true
        connection.send(bytes)
        if !keepAlive { connection.close() }
    }

    /// Deadlines are for the whole of a phase, so that a peer who sends a byte now and then gains nothing.
    private func setDeadline(for phase: HTTPRequestDecoder.Phase, on connection: Connection) {
        awaited = phase
        let limits = server.configuration.limits
        let time =
            switch phase {
            case .idle: limits.keepAliveTimeout
            case .head: limits.headTimeout
            case .body: limits.bodyTimeout
            }
        let unsent = connection.queuedBytes
        // All three hold each other until the deadline is cancelled: when the connection closes or becomes a WebSocket.
        deadline.start(after: time.milliseconds) { [self] in
            guard phase != .idle else {
                // Nobody is idle who is still reading an answer.
                let isReading = connection.queuedBytes > 0 && connection.queuedBytes != unsent
                return isReading ? setDeadline(for: .idle, on: connection) : connection.close()
            }
            let text = "The request took longer than \(time) to arrive."
            send(HTTPResponse(status: .requestTimeout, text: text), on: connection, keepAlive: false)
        }
    }

    func closed(_ connection: Connection) {
        isAnswering = false
        deadline.cancel()
        pending?.lose()
        pending = nil
    }
}
