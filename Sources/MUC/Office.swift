/// What the service itself makes of somebody beyond a single room: in all rooms of a site, or in every room.
package struct Office: Hashable, Sendable {
    package var standing: Standing
    /// The site, as the policy names it; nil: every room of the service.
    package var site: String?
    /// The nick that is the person's own there.
    package var nick: String

    package init(_ standing: Standing, site: String? = nil, nick: String) {
        self.standing = standing
        self.site = site
        self.nick = nick
    }
}
