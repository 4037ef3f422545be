import XMPP

/// One change of an occupant's presence, as it is told to the three audiences of a room.
struct Announcement {
    var isAvailable = true
    /// What a leave says, a status text for instance. Available presence always says what the occupant shows.
    var farewell: [Element] = []
    /// The nick that the occupant goes by from now on (XEP-0045 §7.6).
    var newNick: String?
    /// The nick of the moderator behind it.
    var actor: String?
    var reason: String?
    /// Told to everybody.
    var statuses: [StatusCode] = []
    /// Told to the occupant itself, besides 110.
    var ownStatuses: [StatusCode] = []
    /// Likewise.
    var ownPayload: [Element] = []
    /// The `id` of the presence that this answers, repeated to its sender.
    var id: String?

    /// Whether others are told nothing but who and how the occupant is.
    var isPlain: Bool {
        isAvailable && newNick == nil && actor == nil && reason == nil && statuses.isEmpty
    }
}
