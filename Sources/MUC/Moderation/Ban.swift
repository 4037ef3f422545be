import XMPP

/// Keeps a person, and perhaps everybody who comes from where that person came from, out of a room or of all rooms.
///
/// Whoever has no account has another address tomorrow: so a ban may be widened to the networks that the person was
/// seen in, for a time. The service knows a network as a word that the caller made of it, and nothing else about it.
package struct Ban: Hashable, Sendable {
    package enum Scope: Hashable, Sendable {
        /// The localpart of a room.
        case room(String)
        /// Every room of a site, as an `Office` names it.
        case pages(String)
        /// Every room of the service.
        case site
    }

    package var id: Int
    /// A bare JID.
    package var person: JID
    package var scope: Scope
    /// At most `ModerationLimits.networksPerBan`.
    package var networks: Set<String> = []
    /// Until when these count, in milliseconds since 1970; not later than `until`.
    package var networksUntil: Int64 = 0
    /// At most `MUCLimits.reasonLength` bytes.
    package var reason: String?
    /// The bare JID of whoever banned.
    package var actor: JID
    /// When that was, in milliseconds since 1970.
    package var since: Int64
    /// When it ends, in milliseconds since 1970; nil for never.
    package var until: Int64?

    package init(id: Int, person: JID, scope: Scope, actor: JID, since: Int64) {
        self.id = id
        self.person = person
        self.scope = scope
        self.actor = actor
        self.since = since
    }

    /// What is told to whoever is kept out.
    func refusal(asNetwork: Bool) -> StanzaError {
        let place = if case .room = scope { "this room" } else { "these rooms" }
        let end = asNetwork ? networksUntil : until
        var text = asNetwork ? "Your network is banned from \(place)" : "You are banned from \(place)"
        if let end { text += " until \(DateTime.string(milliseconds: end))" }
        return .forbidden(text + (reason.map { ": \($0)" } ?? "."))
    }
}
