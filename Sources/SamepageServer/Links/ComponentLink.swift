import EventLoop
import Logging
import Streams
import XMPP

/// A link as a component of an XMPP server (XEP-0114): connects, shakes hands, stays alive, and comes back.
///
/// One domain, one link. It knows nothing of what the stanzas mean: `LinkOwner` does.
@EventLoop
final class ComponentLink: Link {
    /// How long things may take, in milliseconds. Together they notice a half-open connection within 30 s.
    enum Time {
        /// Name, TCP and TLS.
        static let connect: Int64 = 15_000
        static let handshake: Int64 = 10_000
        /// How often liveness is looked at.
        static let check: Int64 = 2_500
        /// The silence after which we ask.
        static let silence: Int64 = 10_000
        /// The silence after which the connection counts as dead.
        static let dead: Int64 = 25_000
        /// A link that was up for so long starts anew with short delays when it is lost.
        static let steady: Int64 = 10_000
    }

    private enum Phase {
        case idle
        case connecting(Connector)
        case handshake(Connection)
        case up(Connection)
        case waiting
        case stopped
    }

    let domain: JID
    let serves: Configuration.Component.Service
    private(set) var status: LinkStatus

    private let component: Configuration.Component
    private let limits: Limits
    private let logger: Logger
    private weak var owner: (any LinkOwner)?
    private var phase = Phase.idle
    private var stream: ComponentStream
    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    /// Stanzas of senders who came while the first attempt was under way.
    private var queue: LinkQueue
    /// What is sent first when the link is up again.
    private var kept: LinkQueue
    private let timer = LoopTimer()
    private var lastHeard: Int64 = 0
    private var lastPing: Int64 = 0
    private var upSince: Int64 = 0
    private var pings = 0
    /// Why the connection that is about to close does.
    private var failure: LinkFailure?

    init(_ component: Configuration.Component, domain: JID, limits: Limits, logger: Logger, owner: any LinkOwner) {
        self.component = component
        self.domain = domain
        self.limits = limits
        self.owner = owner
        serves = component.serves
        var logger = logger
        logger[metadataKey: "link"] = "\(domain)"
        self.logger = logger
        status = LinkStatus(state: .connecting, since: WallClock.now)
        queue = LinkQueue(limit: limits.linkQueue)
        kept = LinkQueue(limit: limits.linkQueue)
        stream = Self.makeStream(component, domain, limits)
    }

    private static func makeStream(
        _ component: Configuration.Component, _ domain: JID, _ limits: Limits
    ) -> ComponentStream {
        var xml = XMLLimits(limits)
        xml.stanzaBytes = limits.componentStanzaSize
        return ComponentStream(domain: domain, secret: component.secret, limits: xml)
    }

    // MARK: - Connecting

    /// Begins; from now on the link looks after itself.
    func start() {
        guard case .idle = phase else { return }
        connect()
    }

    private func connect() {
        stream = Self.makeStream(component, domain, limits)
        failure = nil
        let tls = component.tls ? TLSClient.Settings(name: component.host, authorities: component.ca) : nil
        let target = Connector.Target(
            host: component.host, port: component.port, tls: tls, queueLimit: limits.linkQueue, timeout: Time.connect)
        phase = .connecting(
            Connector(target) { [weak self] result in
                switch result {
                case .success(let connection):
                    guard let self else { return connection.abort() }
                    connected(connection)
                case .failure(let error): self?.fail(.unreachable(error.description))
                }
            })
    }

    private func connected(_ connection: Connection) {
        phase = .handshake(connection)
        connection.own(self)
        timer.start(after: Time.handshake) { [weak self, weak connection] in
            self?.failure = .noHandshake
            connection?.abort()
        }
        perform(stream.start(), on: connection)
    }

    private func established(_ connection: Connection) {
        phase = .up(connection)
        upSince = EventLoop.now
        lastHeard = EventLoop.now
        change(to: .up, nil)
        for entry in kept.take() + queue.take() {
            if let refusal = write(entry.stanza, to: entry.recipient, on: connection), let head = entry.head {
                owner?.link(self, gaveUp: head, refusal)
            }
        }
        timer.start(after: Time.check, every: Time.check) { [weak self] in self?.checkLiveness() }
        owner?.linkChanged(self, isUp: true)
    }

    // MARK: - Failing

    /// The attempt failed or the connection is gone: what waits bounces, and we try again later.
    private func fail(_ failure: LinkFailure) {
        timer.cancel()
        if case .stopped = phase {
            owner?.linkStopped(self)
            return
        }
        var wasUp = false
        if case .up = phase { wasUp = true }
        phase = .waiting
        if wasUp, !failure.isConflict, EventLoop.now - upSince >= Time.steady { backoff.reset() }
        change(to: .down, failure)
        for entry in queue.take() {
            if let head = entry.head { owner?.link(self, gaveUp: head, .down) }
        }
        if wasUp { owner?.linkChanged(self, isUp: false) }
        timer.start(after: backoff.next(using: &random)) { [weak self] in self?.connect() }
    }

    /// Notes the state, and says so once per change.
    private func change(to state: LinkStatus.State, _ failure: LinkFailure?) {
        guard status.state != state || status.failure != failure else { return }
        let since = status.state == state ? status.since : WallClock.now
        status = LinkStatus(state: state, failure: failure, since: since)
        let server: Logger.Metadata = ["server": "\(component.host):\(component.port)"]
        switch failure {
        case nil: logger.notice("link is up", metadata: server)
        case let failure?:
            logger.log(level: failure.needsOperator ? .error : .warning, "link is down: \(failure)", metadata: server)
        }
    }

    func stop() {
        let previous = phase
        phase = .stopped
        timer.cancel()
        switch previous {
        case .handshake(let connection), .up(let connection): perform(stream.end(), on: connection)
        case .connecting(let connector):
            connector.cancel()
            owner?.linkStopped(self)
        case .idle, .waiting: owner?.linkStopped(self)
        case .stopped: break
        }
    }

    // MARK: - Liveness

    /// After a while of silence we send an IQ to ourselves (XEP-0199): the server must route it back over this very
    /// stream, or answer it, whatever else it serves. White space would only tell that the kernel takes bytes.
    private func checkLiveness() {
        guard case .up(let connection) = phase else { return }
        let now = EventLoop.now
        let silence = now - lastHeard
        if silence >= Time.dead {
            failure = .silent
            connection.abort()
        } else if silence >= Time.silence, now - lastPing >= Time.silence {
            lastPing = now
            pings += 1
            let ping = Stanza(
                .iq, type: "get", id: "\(Self.pingID)\(pings)", from: domain, to: domain,
                [Element("ping", Namespace.ping)])
            _ = write(StanzaBytes(ping), to: domain, on: connection)
        }
    }

    private static let pingID = "samepage-link-"

    /// Our own ping, back as it was sent or answered by the server.
    private func isOwnPing(_ stanza: Stanza) -> Bool {
        stanza.kind == .iq && stanza.from == domain && stanza.to == domain
            && stanza.id?.hasPrefix(Self.pingID) == true
    }

    // MARK: - Sending

    func send(_ stanza: StanzaBytes, to recipient: JID, head: Stanza?) -> LinkRefusal? {
        switch phase {
        case .up(let connection): return write(stanza, to: recipient, on: connection)
        case .idle, .connecting, .handshake:
            guard status.state == .connecting else { return .down }
            guard stanza.count(to: .init(recipient), in: .stream) <= limits.componentStanzaSize else {
                return .tooLarge(limit: limits.componentStanzaSize)
            }
            return queue.append(.init(stanza: stanza, recipient: recipient, head: head)) ? nil : .full
        case .waiting, .stopped: return .down
        }
    }

    func keep(_ stanza: StanzaBytes, to recipient: JID) {
        if case .stopped = phase { return }
        _ = kept.append(.init(stanza: stanza, recipient: recipient, head: nil))
    }

    private func write(_ stanza: StanzaBytes, to jid: JID, on connection: Connection) -> LinkRefusal? {
        let recipient = StanzaBytes.Recipient(jid)
        let count = stanza.count(to: recipient, in: .stream)
        guard count <= limits.componentStanzaSize else { return .tooLarge(limit: limits.componentStanzaSize) }
        guard connection.isOpen else { return .down }
        guard connection.hasRoom(for: count) else { return .full }
        connection.send(count: count) { stanza.append(to: recipient, in: .stream, into: &$0) }
        return nil
    }

    // MARK: - Receiving

    private func perform(_ actions: [ComponentStream.Action], on connection: Connection) {
        for action in actions {
            switch action {
            case .send(let bytes): connection.send(bytes)
            case .established: established(connection)
            case .route(let stanza):
                if !isOwnPing(stanza) { owner?.link(self, received: stanza) }
            case .routeCopy(let stanza, let recipient): owner?.link(self, receivedCopyOf: stanza, to: recipient)
            case .refused(let head, let error): owner?.link(self, refused: head, error)
            case .close(let ending):
                if failure == nil { failure = .stream(ending) }
                connection.close()
            }
        }
    }
}

extension ComponentLink: ConnectionHandler {
    func received(_ bytes: Span<UInt8>, on connection: Connection) {
        lastHeard = EventLoop.now
        perform(stream.received(bytes), on: connection)
    }

    func closed(_ connection: Connection) {
        let lost = connection.tlsFailure.map { LinkFailure.unreachable($0.description) } ?? .lost
        fail(failure ?? lost)
    }
}
