import EventLoop
import Streams
import XMPP

/// Those who moderate over HTTP, at the moment: each request is a client of the rooms, with an address of its own, for as
/// long as it takes to answer it.
@EventLoop
final class AdminDesk {
    /// Requests at a time. A page sends a handful.
    static let capacity = 200

    private var sessions: [JID: AdminSession] = [:]

    /// - Throws: `resource-constraint` when too many are at it.
    func open(for person: JID, _ router: Router) throws(StanzaError) -> AdminSession {
        guard sessions.count < Self.capacity else { throw .resourceConstraint("Too many requests at a time.") }
        guard let jid = person.with(resource: "admin-" + RandomID.stream()) else { throw .jidMalformed() }
        let session = AdminSession(jid: jid, router: router)
        sessions[jid] = session
        return session
    }

    func close(_ session: AdminSession) {
        sessions[session.jid] = nil
        session.end()
    }

    /// Hands a stanza to whoever asked for it. Whether somebody did.
    func receive(_ stanza: Stanza, for recipient: JID) -> Bool {
        guard let session = sessions[recipient] else { return false }
        session.receive(stanza)
        return true
    }
}
