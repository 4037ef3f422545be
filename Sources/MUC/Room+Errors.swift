import XMPP

/// Errors that come back for what a room sent.
extension Room {
    /// An error that says its sender is gone takes it out (XEP-0045 §14.4, "ghosts"); one about a private message is
    /// passed to who sent that; others mean nothing here.
    func bounced(_ stanza: Stanza, session: JID) {
        if Self.meansGone(stanza) { return drop(session, status: .removedByError, isReachable: true) }
        guard let occupant = occupant(of: session) else { return }
        if stanza.kind == .message, let nick = stanza.to?.resource, let sender = occupants[nick] {
            var error = stanza
            error.from = occupant.address
            error.to = nil
            error.payload = stanza.payload.filter { $0.isNamed("error", Namespace.client) }
            broadcast(error, to: sender.sessionJIDs)
        }
    }

    private static func meansGone(_ stanza: Stanza) -> Bool {
        guard let error = stanza.child("error", Namespace.client) else { return false }
        return error.children.contains { child in
            guard child.namespace == Namespace.stanzaErrors else { return false }
            switch StanzaError.Condition(rawValue: child.name) {
            case .gone, .itemNotFound, .jidMalformed, .recipientUnavailable, .redirect, .remoteServerNotFound,
                .remoteServerTimeout, .serviceUnavailable, .internalServerError:
                return true
            default: return false
            }
        }
    }
}
