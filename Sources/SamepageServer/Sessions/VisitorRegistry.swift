import EventLoop
import Streams
import XMPP

/// The sessions of our own domain, by full address.
@EventLoop
final class VisitorRegistry {
    /// Longest resource a client may choose, in bytes. RFC 7622 allows 1,023, but everybody in a room is sent it.
    private static let maximumResourceLength = 128

    let domain: JID
    private var sessions: [JID: any ClientSession] = [:]

    init(domain: JID) {
        self.domain = domain
    }

    var count: Int { sessions.count }

    func session(_ jid: JID) -> (any ClientSession)? { sessions[jid] }

    /// All sessions of a bare address. A search, for the few stanzas that are not for one session: invitations.
    func sessions(of person: JID) -> [any ClientSession] {
        sessions.filter { $0.key.bare == person }.map(\.value)
    }

    /// A fresh identity for somebody who says nothing about who they are (RFC 4505): `<26 characters>@domain`.
    func newIdentity() -> JID? {
        JID(localpart: RandomID.visitor(), domain: domain.domain)
    }

    /// Binds a session to a full address (RFC 6120 §7): the resource it asked for, unless that is taken or unfit.
    func bind(_ session: any ClientSession, identity: JID, resource: String?) throws(StanzaError) -> JID {
        var jid = resource.flatMap { $0.utf8.count <= Self.maximumResourceLength ? identity.with(resource: $0) : nil }
        if let wanted = jid, sessions[wanted] != nil { jid = nil }
        guard let jid = jid ?? identity.with(resource: RandomID.stream()) else {
            throw .badRequest("No address can be made of this resource.")
        }
        sessions[jid] = session
        return jid
    }

    func remove(_ jid: JID) {
        sessions[jid] = nil
    }
}
