import XMPP

/// The decisions that are not XEP-0045's to make.
package protocol RoomPolicy {
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

    /// What the service itself makes of a person, whatever the room's lists say; nil for nearly everybody. It counts for
    /// as long as this says so: whoever takes it back also ends the person's sessions.
    ///
    /// - Parameter pageURL: The page that the room belongs to.
    func standing(of bareJID: JID, in room: JID, pageURL: String?) -> Standing?

    /// Everybody with a standing in the room, by bare JID.
    func peopleOfStanding(in room: JID, pageURL: String?) -> [JID]

    /// Whether a person may go by a nick, which may be another's on the whole service.
    func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool
}

extension RoomPolicy {
    package func standing(of bareJID: JID, in room: JID, pageURL: String?) -> Standing? { nil }
    package func peopleOfStanding(in room: JID, pageURL: String?) -> [JID] { [] }
    package func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool { true }
}
