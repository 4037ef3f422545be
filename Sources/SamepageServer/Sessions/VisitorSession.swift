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
    var address: ClientAddress?

    private let server: Server
    private var identity: JID?
    private var limiter: SessionLimiter

    init(server: Server) {
        self.server = server
        limiter = SessionLimiter(limits: server.configuration.limits, now: WallClock.now)
    }

    func authenticate(_ credentials: ClientStream.Credentials) -> Result<JID, SASLFailure> {
        guard case .anonymous = credentials, let identity = server.visitors.newIdentity() else {
            return .failure(SASLFailure(.temporaryAuthFailure))
        }
        self.identity = identity
        return .success(identity)
    }

    func bind(_ session: any ClientSession, resource: String?) -> Result<JID, StanzaError> {
        guard let identity else { return .failure(StanzaError(.internalServerError)) }
        do throws(StanzaError) {
            let jid = try server.visitors.bind(session, identity: identity, resource: resource)
            self.jid = jid
            recipient = StanzaBytes.Recipient(jid)
            if let network = server.networks.name(of: address) { server.rooms.enter(network: network, of: jid) }
            server.metrics.sessions += 1
            return .success(jid)
        } catch {
            return .failure(error)
        }
    }

    /// Routes a stanza, within the session's limits; the error if it has to end.
    func route(_ stanza: Stanza) -> StreamError? {
        switch limiter.judge(stanza, now: WallClock.now) {
        case .pass: server.router.route(stanza)
        case .refuse(let error): server.router.bounce(stanza, error)
        case .disconnect(let error): return error
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
