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

    /// What a person is in all rooms of a site, or of the service; nil for nearly everybody.
    func office(of bareJID: JID) -> Office?

    /// Whether a room is one of a site.
    ///
    /// - Parameters:
    ///   - site: As an `Office` names it.
    ///   - pageURL: The page that the room belongs to, if that is known.
    func isRoom(_ room: JID, pageURL: String?, of site: String) -> Bool

    /// Whether a person may go by a nick, which may be another's on the whole service.
    func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool

    /// Whether a nick is that person's own by the service itself.
    func owns(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool
}

extension StandingPolicy {
    package func standing(of bareJID: JID, in room: JID, pageURL: String?) -> Standing? { nil }
    package func peopleOfStanding(in room: JID, pageURL: String?) -> [JID] { [] }
    package func office(of bareJID: JID) -> Office? { nil }
    package func isRoom(_ room: JID, pageURL: String?, of site: String) -> Bool { false }
    package func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool { true }
    package func owns(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool { false }
}
