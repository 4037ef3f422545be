/// How a room is configured (XEP-0045 §10.2). The defaults are those of an open room.
struct RoomConfiguration: Hashable, Sendable {
    /// Who sees the occupants' real JIDs.
    enum Whois: Sendable {
        /// Semi-anonymous.
        case moderators
        /// Non-anonymous.
        case anyone
    }

    var name: String
    var description = ""
    /// The page that the room belongs to.
    var pageURL: String?
    /// Listed by the service.
    var isPublic = true
    /// Stays while it is empty.
    var isPersistent = false
    var isMembersOnly = false
    /// Newcomers without an affiliation have no voice.
    var isModerated = false
    var isLogged = false
    var whois = Whois.moderators
    /// Empty: none is asked for.
    var password = ""
    var participantsSetSubject = false

    init(name: String) {
        self.name = name
    }
}
