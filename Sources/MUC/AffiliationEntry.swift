import XMPP

/// What a room keeps about one person: a line of its lists of owners, admins, members and banned people (XEP-0045 §5.2).
package struct AffiliationEntry: Hashable, Sendable {
    /// Never `none`: who has none has no entry.
    package var affiliation: Affiliation
    /// The nick that is reserved for this person (§7.10). At most `MUCLimits.nickLength` bytes.
    package var nick: String?
    /// Why, as whoever gave the affiliation said. At most `MUCLimits.reasonLength` bytes.
    package var reason: String?
    /// The bare JID of whoever gave it; nil for the room itself.
    package var actor: JID?
    /// When that was, in milliseconds since 1970.
    package var since: Int64?

    package init(
        _ affiliation: Affiliation, nick: String? = nil, reason: String? = nil, actor: JID? = nil, since: Int64? = nil
    ) {
        self.affiliation = affiliation
        self.nick = nick
        self.reason = reason
        self.actor = actor
        self.since = since
    }
}
