import EventLoop
import MUC
import Streams
import XMPP

/// What every session of a visitor has, whatever carries it: an identity, an address, limits, and a way out.
@EventLoop
final class VisitorSession {
    /// Kept when the stream has ended, to leave its rooms by.
    private(set) var jid: JID?
    private(set) var recipient = StanzaBytes.Recipient(nil)
    /// How to tell the rooms when the session goes.
    var ending = SessionEnd.left
    /// Where the client is; what bans know of it is a word (`NetworkNames`).
    private var address: ClientAddress?

    let server: Server
    /// The web origin that the connection came from (RFC 6454); nil for what is no browser.
    let origin: String?
    /// The bare address, once authenticated.
    private(set) var identity: JID?
    /// What it came back with.
    private(set) var token: VisitorToken?
    /// The person, once bound.
    private var visitor: Visitor?
    private var limiter: SessionLimiter

    init(server: Server, address: ClientAddress?, origin: String?) {
        self.server = server
        self.address = address
        self.origin = origin
        limiter = SessionLimiter(limits: server.configuration.limits, now: WallClock.now)
    }

    func authenticate(_ credentials: ClientStream.Credentials) -> Result<JID, SASLFailure> {
        guard case .anonymous(let trace) = credentials else { return .failure(SASLFailure(.temporaryAuthFailure)) }
        do throws(VisitorToken.Refusal) {
            token = try server.identities.recognise(trace, origin: origin, now: WallClock.now)
        } catch {
            return .failure(SASLFailure(.notAuthorized, error.rawValue))
        }
        let known = token.flatMap { JID(localpart: $0.identity, domain: server.domain.domain) }
        guard let identity = known ?? server.visitors.newIdentity() else {
            return .failure(SASLFailure(.temporaryAuthFailure))
        }
        self.identity = identity
        return .success(identity)
    }

    func bind(_ session: any ClientSession, resource: String?) -> Result<JID, StanzaError> {
        guard let identity else { return .failure(StanzaError(.internalServerError)) }
        // Between the two another session may have revoked it.
        if let token, server.identities.isRevoked(token) {
            return .failure(StanzaError(.notAuthorized, nil, VisitorToken.Refusal.revoked.rawValue))
        }
        do throws(StanzaError) {
            let jid = try server.visitors.bind(session, identity: identity, resource: resource)
            self.jid = jid
            visitor = server.visitors.visitor(jid)
            recipient = StanzaBytes.Recipient(jid)
            if let network = server.networks.name(of: address) { server.rooms.enter(network: network, of: jid) }
            server.metrics.sessions += 1
            return .success(jid)
        } catch {
            return .failure(error)
        }
    }

    /// The client has come back from elsewhere. The network that it was in counts for bans as if it had left.
    func move(to address: ClientAddress?) {
        let former = server.networks.name(of: self.address)
        let network = server.networks.name(of: address)
        self.address = address
        guard let jid, network != former else { return }
        server.rooms.leaveNetwork(of: jid, now: WallClock.now)
        if let network { server.rooms.enter(network: network, of: jid) }
    }

    /// Routes a stanza, within the session's limits; the error if it has to end.
    func route(_ stanza: Stanza) -> StreamError? {
        guard let visitor else { return nil }
        switch limiter.judge(stanza, &visitor.messages, now: WallClock.now) {
        case .pass:
            server.metrics.stanzas &+= 1
            if !answersAboutIdentity(stanza) { server.router.route(stanza) }
        case .refuse(let error):
            server.metrics.limitedStanzas &+= 1
            server.router.bounce(stanza, error)
        case .disconnect(let error):
            server.metrics.limitedStanzas &+= 1
            return error
        }
        return nil
    }

    /// Leaves all rooms, once.
    func leave(_ session: any ClientSession) {
        guard let jid, server.visitors.session(jid) === session else { return }
        server.visitors.remove(jid)
        server.router.sessionEnded(jid, ending)
        server.rooms.leaveNetwork(of: jid, now: WallClock.now)
    }
}
