/// How a room is configured (XEP-0045 §10.2). The defaults are those of an open room.
package struct RoomConfiguration: Hashable, Sendable {
    /// Who sees the occupants' real JIDs.
    package enum Whois: String, Sendable, CaseIterable {
        /// Semi-anonymous.
        case moderators
        /// Non-anonymous.
        case anyone
    }

    /// Who may send private messages, by role.
    package enum PrivateMessages: String, Sendable, CaseIterable {
        case anyone, participants, moderators, none
    }

    package var name: String
    package var description = ""
    /// The language that is spoken here (BCP 47); empty when nobody has said.
    package var language = ""
    /// The page that the room belongs to.
    package var pageURL: String?
    /// Listed by the service.
    package var isPublic = true
    /// Stays while it is empty.
    package var isPersistent = false
    package var isMembersOnly = false
    /// Newcomers without an affiliation have no voice, unless `newcomersHaveVoice`.
    package var isModerated = false
    /// In a moderated room: newcomers may speak until a moderator takes their voice.
    package var newcomersHaveVoice = false
    package var allowsVoiceRequests = true
    package var isLogged = false
    package var whois = Whois.moderators
    /// Empty: none is asked for.
    package var password = ""
    package var participantsSetSubject = false
    /// Whether occupants invite others. Nil: all in an open room, admins and owners in one for members, where the
    /// invited become members.
    package var occupantsInvite: Bool?
    package var privateMessages = PrivateMessages.anyone
    /// Whether requests (IQ) reach other occupants: their client's version, their avatar.
    package var allowsQueries = true
    /// Occupants; nil for as many as the service allows.
    package var maximumOccupants: Int?
    /// Messages of history that a newcomer gets at most; nil for as many as the service remembers.
    package var historyLength: Int?
    /// The roles whose presence the others are told.
    package var shownRoles: Set<Role> = [.moderator, .participant, .visitor]
    /// Whether anybody may reserve a nick and thereby become a member (§7.10). Members and those above always may.
    package var isRegistrationOpen = false
    package var moderation = RoomModeration()

    package init(name: String) {
        self.name = name
    }

    /// Whether somebody of this affiliation invites others.
    func mayInvite(_ affiliation: Affiliation) -> Bool {
        affiliation.isAtLeastAdmin || invitesAreOpen
    }

    /// `occupantsInvite`, decided.
    var invitesAreOpen: Bool { occupantsInvite ?? !isMembersOnly }

    /// The role that somebody enters with (§5.1.2).
    func initialRole(_ affiliation: Affiliation) -> Role {
        affiliation.initialRole(isModerated: isModerated && !newcomersHaveVoice)
    }
}
