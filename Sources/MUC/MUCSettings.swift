import XMPP

/// What the operator decides about the MUC service.
package struct MUCSettings: Sendable {
    /// The domain of the service; rooms are `localpart@service`.
    package var service: JID
    /// What the service calls itself in service discovery.
    package var name: String
    /// Bare JIDs that own every room.
    package var admins: Set<JID>
    package var limits: MUCLimits
    /// What is not welcome in any room.
    package var filter = FilterRules()
    /// The room of the service where reports are told too.
    package var staffRoom: JID?
    /// Features that the caller answers for the service's own address, and that its disco#info lists.
    package var features: [String]
    /// More for the service's disco#info: data forms (XEP-0128).
    package var information: [Element] = []

    /// Whether the caller keeps messages and rooms (`MUCEffect.archive`): then a message is reflected when it is kept, and
    /// rooms come from there. Else rooms live in memory alone.
    package var isArchived = false
    /// Whether people who are not in a room may read its archive, if they could enter.
    package var isArchiveOpen = false
    /// The greatest id in the archive.
    package var lastID = StanzaID(0)

    package init(
        service: JID, name: String = "Rooms", admins: Set<JID> = [], limits: MUCLimits = MUCLimits(),
        features: [String] = [Namespace.ping, Namespace.version, Namespace.time]
    ) {
        self.service = service
        self.name = name
        self.admins = Set(admins.map(\.bare))
        self.limits = limits
        self.features = features
    }
}
