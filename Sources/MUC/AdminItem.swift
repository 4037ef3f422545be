import XMPP

/// One `<item/>` of a moderator's request (XEP-0045 §8, §9): a role for a nick, or an affiliation for a bare JID.
struct AdminItem {
    enum Change {
        case role(Role, nick: String)
        case affiliation(Affiliation, person: JID)
    }

    let change: Change
    let reason: String?

    /// - Throws: `bad-request` for a role and an affiliation in one item, for neither, and for a role without a nick;
    ///   `jid-malformed` for an address that is none.
    init(_ item: Element) throws(StanzaError) {
        reason = item.child("reason", Namespace.mucAdmin)?.text
        switch (item["role"], item["affiliation"]) {
        case (let role?, nil):
            guard let role = Role(rawValue: role), let nick = item["nick"] else {
                throw .badRequest("A role is given to a nick.")
            }
            change = .role(role, nick: nick)
        case (nil, let affiliation?):
            guard let affiliation = Affiliation(rawValue: affiliation), let address = item["jid"] else {
                throw .badRequest("An affiliation is given to a JID.")
            }
            guard let person = JID(address)?.bare else { throw .jidMalformed("That is no JID.") }
            change = .affiliation(affiliation, person: person)
        default: throw .badRequest("An item gives either a role or an affiliation.")
        }
    }
}
