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
}
