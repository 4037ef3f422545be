import EventLoop
import MUC
import Streams
import WebWire
import XMPP

/// One XMPP session over BOSH: ties held HTTP requests to their session and the router.
@EventLoop
final class BOSHClientSession: ClientSession {
    let client: BOSHService.Client
    var sid: String { machine.sid }
    var jid: JID? { visitor.jid }

    private let server: Server
    private unowned let service: BOSHService
    private let limits: BOSHLimits
    private var machine: BOSHSession
    private let visitor: VisitorSession
    private var requests: TokenBucket
    private var tickets: [BOSHSession.Ticket: PendingAnswer] = [:]
    private var lastTicket = 0
    /// Stanzas of this turn of the loop, which leave together.
    private var backlog: [UInt8] = []
    /// When the timer of the deadline fires.
    private var wakesAt: Int64?
    private let deadline = LoopTimer()
    private let authenticateBy: Int64
    private var hasEnded = false

    init(
        _ request: BOSHRequest, limits: BOSHLimits, client: BOSHService.Client, server: Server, service: BOSHService
    ) {
        let configured = server.configuration.limits
        self.client = client
        self.server = server
        self.service = service
        self.limits = limits
        machine = BOSHSession(request, domain: server.domain, limits: limits, now: EventLoop.now)
        visitor = VisitorSession(server: server, address: client.address, origin: client.origin)
        authenticateBy = EventLoop.now + configured.authenticationTimeout.milliseconds
        requests = TokenBucket(rate: configured.stanzaRate, burst: configured.stanzaBurst, now: WallClock.now)
    }

    // MARK: - From the client

    func receive(_ request: BOSHRequest, _ pending: PendingAnswer) {
        let ticket = ticket(for: pending)
        guard requests.take(now: WallClock.now) else {
            // XEP-0124 §12: too many requests.
            run { $0.receive(request, ticket: ticket, now: $1) + $0.terminate(.policyViolation, now: $1) }
            return
        }
        run { $0.receive(request, ticket: ticket, now: $1) }
    }

    /// Ends the session because of something that is no request (XEP-0124 §17.2).
    func refuse(_ condition: BOSHCondition, _ pending: PendingAnswer) {
        let ticket = ticket(for: pending)
        run { $0.refuse(ticket, condition, now: $1) }
    }

    private func ticket(for pending: PendingAnswer) -> BOSHSession.Ticket {
        lastTicket += 1
        let ticket = lastTicket
        tickets[ticket] = pending
        pending.onLoss = { [weak self] in self?.lost(ticket) }
        return ticket
    }

    private func lost(_ ticket: BOSHSession.Ticket) {
        tickets[ticket] = nil
        machine.lost(ticket, now: EventLoop.now)
        schedule()
    }

    private func run(_ step: (inout BOSHSession, Int64) -> [BOSHSession.Action]) {
        perform(step(&machine, EventLoop.now))
        schedule()
    }

    private func perform(_ actions: [BOSHSession.Action]) {
        let now = EventLoop.now
        for action in actions {
            switch action {
            case .answer(let ticket, let body):
                tickets.removeValue(forKey: ticket)?.answer(
                    BOSHService.response(body, contentType: machine.contentType))
            case .authenticate(let credentials):
                switch visitor.authenticate(credentials) {
                case .success(let identity):
                    perform(machine.authenticated(as: identity, extensions: visitor.freshToken(), now: now))
                case .failure(let failure): perform(machine.authenticationFailed(failure, now: now))
                }
            case .bind(let resource):
                switch visitor.bind(self, resource: resource) {
                case .success(let jid): perform(machine.bound(to: jid, now: now))
                case .failure(let error): perform(machine.bindFailed(error, now: now))
                }
            case .route(let stanza):
                if let error = visitor.route(stanza) { perform(machine.end(with: error, now: now)) }
            case .end: ended()
            }
        }
    }

    // MARK: - To the client

    func deliver(_ stanza: StanzaBytes) {
        guard !hasEnded else { return }
        guard stanza.count(to: visitor.recipient) <= limits.queue - backlog.count else {
            visitor.ending = .errored
            return end(with: StreamError(.policyViolation, "The client does not read."))
        }
        server.metrics.deliveries &+= 1
        if backlog.isEmpty { service.flushSoon(self) }
        stanza.append(to: visitor.recipient, into: &backlog)
    }

    func flush() {
        guard !backlog.isEmpty else { return }
        let stanzas = backlog
        backlog = []
        run { $0.send(stanzas, now: $1) }
    }

    func end(with error: StreamError) {
        flush()
        run { $0.end(with: error, now: $1) }
    }

    // MARK: - Time and the end

    private func schedule() {
        guard !hasEnded else { return }
        let time = jid == nil ? min(machine.deadline, authenticateBy) : machine.deadline
        // Each request moves the deadline, nearly always to a later time: a timer that fires too early looks again, which is cheaper
        // than to set it each time.
        if let wakesAt, wakesAt <= time { return }
        wakesAt = time
        deadline.start(after: max(0, time - EventLoop.now)) { [weak self] in self?.expire() }
    }

    private func expire() {
        wakesAt = nil
        guard jid != nil || EventLoop.now < authenticateBy else {
            return end(with: StreamError(.connectionTimeout, "Authentication took too long."))
        }
        run { $0.expire(now: $1) }
    }

    private func ended() {
        guard !hasEnded else { return }
        hasEnded = true
        deadline.cancel()
        visitor.leave(self)
        service.ended(self)
    }
}
