import XMPP

/// The decisions that are not XEP-0045's to make.
package protocol RoomPolicy: StandingPolicy {
    /// Whether a room may be made for somebody who joins one that does not exist, and of what kind it is.
    ///
    /// - Parameters:
    ///   - localpart: The localpart of the room's JID.
    ///   - claim: The page that the visitor says to be on, unchecked.
    ///   - creator: The full JID of who joins.
    ///   - isAdmin: Whether that is one of the service's admins.
    /// - Throws: Usually `not-allowed` (XEP-0045 §10.1.1).
    func admitRoom(
        localpart: String, claim: RoomClaim?, creator: JID, isAdmin: Bool
    ) throws(StanzaError) -> RoomOrigin

    /// The occupant id of a person in a room (XEP-0421 §3): always the same, not to be guessed or turned back.
    func occupantID(of bareJID: JID, in room: JID) -> String

    /// Whether an occupant may have the room invite somebody who may be anywhere on the network (XEP-0045 §7.8.2).
    ///
    /// - Parameters:
    ///   - invitee: A bare JID.
    ///   - inviter: A bare JID, with its affiliation in the room; the room's own rules are satisfied.
    /// - Throws: Usually `forbidden`.
    func admitInvitation(of invitee: JID, by inviter: JID, affiliation: Affiliation) throws(StanzaError)

    /// What a person is besides its affiliation (XEP-0317): nobody can say so of itself. Asked at each join.
    ///
    /// - Parameter pageURL: The page that the room belongs to.
    func hats(of bareJID: JID, in room: JID, pageURL: String?) -> [Hat]

    /// The picture of a room (XEP-0486).
    ///
    /// - Parameter pageURL: The page that the room belongs to.
    func avatar(of room: JID, pageURL: String?) -> RoomAvatar?
}

extension RoomPolicy {
    package func admitInvitation(of invitee: JID, by inviter: JID, affiliation: Affiliation) throws(StanzaError) {}
    package func hats(of bareJID: JID, in room: JID, pageURL: String?) -> [Hat] { [] }
    package func avatar(of room: JID, pageURL: String?) -> RoomAvatar? { nil }
}
