import MUC
import XMPP

/// Who makes rooms (docs/ARCHITECTURE.md, "Who makes rooms"), and which occupant ids people have.
struct PageRoomPolicy: RoomPolicy {
    let creation: Configuration.Creation
    let sites: SiteList
    /// Those who have a role without an account; nil for nobody.
    var staff: Staff?
    /// Of the data directory: occupant ids stay the same over a restart.
    let key: SecretKey
    /// The domain of the visitors' addresses.
    var visitors: String?
    /// Bare JIDs of those who own every room by configuration.
    var admins: Set<JID> = []
    /// What staff is called (XEP-0317); empty for nothing.
    var hatTitles: [StaffRole: String] = [:]
    var icons = RoomIcons()

    func admitRoom(
        localpart: String, claim: RoomClaim?, creator: JID, isAdmin: Bool
    ) throws(StanzaError) -> RoomOrigin {
        let claimed = claimedPage(claim, localpart: localpart)
        let page = claimed ?? PageAddress.make(localpart: localpart, sites: sites)
        let isAdmin = isAdmin || mayMakeRooms(creator.bare, localpart: localpart, page)
        if let claimed, let claim, isAdmin || creation != .admins {
            return .page(url: url(of: claimed, claimed: claim.url), name: name(of: claimed, title: claim.title))
        }
        switch creation {
        // Who comes first changes nothing about the room of a page; where no sites are named, any name may be one's.
        case _ where isAdmin: return sites.isEmpty ? .user : page.map(byAddress) ?? .user
        case .anyone: return .user
        case .pages:
            guard let page else {
                throw .notAllowed("Rooms here belong to web pages, and this address is not one of a page.")
            }
            return byAddress(page)
        case .admins: throw .notAllowed("Only the administrators make rooms here.")
        }
    }

    /// The room of a page that nobody has spoken of.
    private func byAddress(_ page: PageAddress) -> RoomOrigin {
        .page(url: PageAddress.url(fromKey: page.key), name: name(of: page, title: nil))
    }

    /// The page that the join speaks of, if this is its room. A claim is worth nothing unless it leads here.
    private func claimedPage(_ claim: RoomClaim?, localpart: String) -> PageAddress? {
        guard let claim,
            let page = try? PageAddress.make(url: claim.url, room: claim.room, sites: sites),
            page.localpart == localpart
        else { return nil }
        return page
    }

    /// What everybody may see: the page, without the parts of the visitor's URL that say more (a session, a token).
    private func url(of page: PageAddress, claimed: String) -> String {
        let url = PageAddress.url(fromKey: page.key)
        guard claimed.lowercased().hasPrefix("http:"), url.hasPrefix("https:") else { return url }
        return "http:" + url.dropFirst("https:".count)
    }

    private func name(of page: PageAddress, title: String?) -> String {
        guard let title, title.contains(where: { !$0.isWhitespace }) else { return page.displayName ?? page.key }
        return title
    }

    /// Visitors are strangers to us: through them, the rooms carry nothing to people on the network.
    func admitInvitation(of invitee: JID, by inviter: JID, affiliation: Affiliation) throws(StanzaError) {
        guard inviter.domain != visitors || invitee.domain == visitors || affiliation >= .member else {
            throw .forbidden("Visitors invite visitors. Members of the room invite anybody.")
        }
    }

    func avatar(of room: JID, pageURL: String?) -> RoomAvatar? {
        guard !icons.isEmpty else { return nil }
        let host = Staff.Place(localpart: room.localpart, pageURL: pageURL).host(sites)
        return icons.avatar(of: host.flatMap { sites.site(for: $0) })
    }

    func occupantID(of bareJID: JID, in room: JID) -> String {
        key.authenticationCode("occupant\u{0}\(room)\u{0}\(bareJID)", length: 16)
    }
}
