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

    func office(of bareJID: JID) -> Office? { staff?.office(of: bareJID) }

    func isRoom(_ room: JID, pageURL: String?, of site: String) -> Bool {
        let host = Staff.Place(localpart: room.localpart, pageURL: pageURL).host(sites)
        return host.map { site == $0 || sites.site(for: site)?.contains(host: $0) == true } ?? false
    }

    func mayUse(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool {
        staff?.mayUse(nick, bareJID, Staff.Place(localpart: room.localpart, pageURL: pageURL)) ?? true
    }

    func owns(_ nick: String, _ bareJID: JID, in room: JID, pageURL: String?) -> Bool {
        staff?.owns(nick, bareJID, Staff.Place(localpart: room.localpart, pageURL: pageURL)) ?? false
    }

    /// Those who look after the site wear what the operator calls them; who moderates one room only does not.
    func hats(of bareJID: JID, in room: JID, pageURL: String?) -> [Hat] {
        let place = Staff.Place(localpart: room.localpart, pageURL: pageURL)
        guard let role = admins.contains(bareJID) ? .owner : staff?.role(of: bareJID, place) else { return [] }
        let title = hatTitles[role] ?? ""
        return title.isEmpty ? [] : [Hat(uri: "\(Self.hats)#\(role.rawValue)", title: title)]
    }

    private static let hats = "urn:samepage:hats:0"

    /// Whether somebody makes rooms where only admins do.
    func mayMakeRooms(_ person: JID, localpart: String, _ page: PageAddress?) -> Bool {
        let url = page.map { PageAddress.url(fromKey: $0.key) }
        return staff?.role(of: person, Staff.Place(localpart: localpart, pageURL: url))?.makesRooms ?? false
    }
}
