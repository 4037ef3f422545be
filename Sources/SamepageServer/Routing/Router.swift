import EventLoop
import Logging
import MUC
import XMPP

/// Brings each stanza to where its `to` lives: our own domain, the MUC service, and later the links to other servers.
///
/// Synchronous to the end, so the state of rooms and sessions never changes between a check and its consequence.
@EventLoop
final class Router {
    private let domain: JID
    private let service: JID
    private let visitors: VisitorRegistry
    private let rooms: MUCService
    private let queries: ServerQueries

    init(domain: JID, service: JID, visitors: VisitorRegistry, rooms: MUCService, queries: ServerQueries) {
        self.domain = domain
        self.service = service
        self.visitors = visitors
        self.rooms = rooms
        self.queries = queries
    }

    /// Routes a stanza whose `from` the ingress has checked.
    func route(_ stanza: Stanza) {
        guard let to = stanza.to else { return routeUnaddressed(stanza) }
        switch to.domain {
        case service.domain:
            switch rooms.handle(stanza, now: WallClock.now) {
            case .handled(let effects): deliver(effects)
            case .unhandled: answer(stanza, queries.answer(stanza, on: .rooms))
            }
        case domain.domain where to.isDomain:
            if stanza.kind == .iq { answer(stanza, queries.answer(stanza, on: .server)) }
        case domain.domain:
            deliverLocally(stanza)
        default:
            bounce(stanza, StanzaError(.remoteServerNotFound, nil, "\(to.domain) is not known to this server."))
        }
    }

    /// A stanza without `to` is for the server itself or for the sender's own account (RFC 6120 §10.3).
    private func routeUnaddressed(_ stanza: Stanza) {
        switch stanza.kind {
        case .iq: answer(stanza, queries.answer(stanza, on: .server))
        case .presence where stanza.type == "unavailable":
            // RFC 6121 §4.6.3: it also reaches everybody who was sent directed presence, that is, every room.
            if let from = stanza.from { sessionEnded(from, .left) }
        case .presence, .message: break
        }
    }

    private func deliverLocally(_ stanza: Stanza) {
        guard let to = stanza.to, let session = visitors.session(to) else {
            return bounce(stanza, .serviceUnavailable())
        }
        session.deliver(StanzaBytes(stanza))
    }

    private func answer(_ stanza: Stanza, _ result: Result<Stanza?, StanzaError>) {
        switch result {
        case .success(let reply): if let reply { deliver([.send(reply)]) }
        case .failure(let error): bounce(stanza, error)
        }
    }

    /// Sends an error back, where an answer is allowed.
    func bounce(_ stanza: Stanza, _ error: StanzaError) {
        if let reply = stanza.error(error) { deliver([.send(reply)]) }
    }

    /// Hands out what a room has to say. Nothing here can reach back into a room.
    func deliver(_ effects: [MUCEffect]) {
        for effect in effects {
            switch effect {
            case .send(let stanza):
                guard let to = stanza.to, let session = visitors.session(to) else { continue }
                session.deliver(StanzaBytes(stanza))
            case .broadcast(let stanza, let recipients):
                let bytes = StanzaBytes(stanza)
                for recipient in recipients { visitors.session(recipient)?.deliver(bytes) }
            }
        }
    }

    /// A session is gone: it leaves its rooms.
    func sessionEnded(_ jid: JID, _ end: SessionEnd) {
        deliver(rooms.sessionEnded(jid, end, now: WallClock.now))
    }
}
