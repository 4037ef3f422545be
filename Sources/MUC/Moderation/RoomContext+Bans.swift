import XMPP

extension RoomContext {
    /// Whether a ban counts in a room, which need not be there.
    func counts(_ ban: Ban, in localpart: String, pageURL: String?) -> Bool {
        switch ban.scope {
        case .site: return true
        case .room(let banned): return banned == localpart
        case .pages(let site):
            guard let jid = JID(localpart: localpart, domain: settings.service.domain) else { return false }
            return policy.isRoom(jid, pageURL: pageURL, of: site)
        }
    }
}
