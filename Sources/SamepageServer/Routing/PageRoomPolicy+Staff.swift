import MUC
import XMPP

/// Those who have a role without an account.
extension PageRoomPolicy {
    func standing(of bareJID: JID, in room: JID, pageURL: String?) -> Standing? {
        staff?.role(of: bareJID, Staff.Place(localpart: room.localpart, pageURL: pageURL))?.standing
    }

    func peopleOfStanding(in room: JID, pageURL: String?) -> [JID] {
        staff?.people(Staff.Place(localpart: room.localpart, pageURL: pageURL)) ?? []
    }

    func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool {
        staff?.mayUse(nick, bareJID, Staff.Place(localpart: room.localpart, pageURL: pageURL)) ?? true
    }

    /// Whether somebody makes rooms where only admins do.
    func mayMakeRooms(_ person: JID, localpart: String, _ page: PageAddress?) -> Bool {
        let url = page.map { PageAddress.url(fromKey: $0.key) }
        return staff?.role(of: person, Staff.Place(localpart: localpart, pageURL: url))?.makesRooms ?? false
    }
}
