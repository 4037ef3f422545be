import EventLoop
import XMPP

/// What a client may ask about who it is (`urn:samepage:visitor:0`, docs/xeps.md).
extension VisitorSession {
    /// A token to come back with, for a client that has authenticated: a new one each time. None before.
    func freshToken() -> [Element] {
        guard let localpart = identity?.localpart else { return [] }
        return [server.identities.token(for: localpart, after: token, origin: origin, now: WallClock.now)]
    }

    /// Answers a request to the server that is about the session's own identity. Whether it was one.
    func answersAboutIdentity(_ stanza: Stanza) -> Bool {
        guard stanza.isRequest, stanza.to == nil || stanza.to == server.domain, let payload = stanza.payload.first,
            payload.namespace == Namespace.visitor
        else { return false }
        switch (stanza.type, payload.name) {
        case ("get", "token"): server.router.answer(stanza, .success(stanza.result(freshToken().first)))
        case ("set", "revoke"): revoke(stanza)
        default: return false
        }
        return true
    }

    /// "Forget me": all tokens issued so far are worth nothing, and the other sessions, which live by them, end. This one
    /// goes on until it closes.
    private func revoke(_ stanza: Stanza) {
        guard let jid, let localpart = jid.localpart else { return }
        let server = server
        server.identities.revoke(localpart, now: WallClock.now) { result in
            server.router.answer(stanza, result.map { stanza.result() })
        }
        let others = server.visitors.visitor(jid)?.sessions.filter { $0 != jid } ?? []
        for other in others {
            server.visitors.session(other)?.end(
                with: StreamError(.notAuthorized, "This visitor's tokens were revoked in another session."))
        }
    }
}
