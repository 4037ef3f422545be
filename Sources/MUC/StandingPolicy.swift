import XMPP

/// Which places in rooms, and which nicks, the service itself gives to people.
package protocol StandingPolicy {
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

extension StandingPolicy {
    package func standing(of bareJID: JID, in room: JID, pageURL: String?) -> Standing? { nil }
    package func peopleOfStanding(in room: JID, pageURL: String?) -> [JID] { [] }
    package func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool { true }
}
