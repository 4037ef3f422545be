import XMPP

/// One `<item/>` of a moderator's request (XEP-0045 §8, §9): a role for a nick, or an affiliation for a bare JID.
struct AdminItem {
    enum Change {
        case role(Role, nick: String)
        /// With the nick that is reserved for the person (§9.5): nil leaves it as it is, an empty one takes it away.
        case affiliation(Affiliation, person: JID, nick: String?)
    }

    let change: Change
    let reason: String?

    /// - Throws: `bad-request` for a role and an affiliation in one item, for neither, and for a role without a nick;
    ///   `jid-malformed` for an address that is none; what `NickRules` throws for a nick to be reserved.
    init(_ item: Element, _ limits: MUCLimits) throws(StanzaError) {
        reason = item.child("reason", Namespace.mucAdmin)?.text.prefix(bytes: limits.reasonLength)
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
            // A ban or a farewell reserves nothing, whatever nick it mentions.
            let nick = affiliation.isAtLeastMember ? try Self.reserved(item["nick"], limits) : nil
            change = .affiliation(affiliation, person: person, nick: nick)
        default: throw .badRequest("An item gives either a role or an affiliation.")
        }
    }

    /// What the item is about: no request may name it twice.
    var subject: String {
        switch change {
        case .role(_, let nick): "nick \(nick)"
        case .affiliation(_, let person, _): "person \(person)"
        }
    }

    private static func reserved(_ nick: String?, _ limits: MUCLimits) throws(StanzaError) -> String? {
        guard let nick, !nick.isEmpty else { return nick }
        let prepared = try NickRules.prepare(nick, maximumLength: limits.nickLength)
        try NickRules.requirePortable(prepared, limits)
        return prepared
    }
}
