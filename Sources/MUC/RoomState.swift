import XMPP

/// What a room keeps for longer than a run of the service: all of it that changes slowly. Messages are kept elsewhere.
///
/// `MUCService.state(localpart:)` makes one, `MUCService.restore(_:)` makes a room of it, and `RoomChange` says how it
/// changes in between.
package struct RoomState: Hashable, Sendable {
    package var localpart: String
    package var configuration: RoomConfiguration
    /// By bare JID, with the reserved nicks.
    package var affiliations: [JID: AffiliationEntry]
    /// The message that set the subject, without `to` and with its delay; nil when nobody has set one.
    package var subject: Stanza?
    /// When the last message was sent, in milliseconds since 1970.
    package var lastMessage: Int64?

    package init(
        localpart: String, configuration: RoomConfiguration, affiliations: [JID: AffiliationEntry] = [:],
        subject: Stanza? = nil, lastMessage: Int64? = nil
    ) {
        self.localpart = localpart
        self.configuration = configuration
        self.affiliations = affiliations
        self.subject = subject
        self.lastMessage = lastMessage
    }
}
