import MUC
import XMPP

/// Those who have a role without an account at present, as the rooms ask for them.
final class Staff {
    private let domain: String
    private let sites: SiteList
    /// By the localpart of their address.
    private var people: [String: StaffRecord] = [:]
    /// When the first of them is over, in milliseconds since 1970.
    private(set) var firstExpiry = Int64.max
    /// By nick, as people take nicks for the same.
    private var nicks: [String: [StaffRecord]] = [:]

    /// - Parameter domain: That of the visitors.
    init(domain: String, sites: SiteList) {
        self.domain = domain
        self.sites = sites
    }

    /// Takes the place of all that was known.
    ///
    /// - Returns: The localparts of those who were there before and are not any more.
    func replace(by records: some Sequence<StaffRecord>) -> [String] {
        let before = people.keys
        people = Dictionary(records.map { ($0.identity, $0) }) { first, _ in first }
        firstExpiry = people.values.map(\.expires).min() ?? .max
        nicks = Dictionary(grouping: people.values) { StaffClaims.fold($0.claims.nick) }
        return before.filter { people[$0] == nil }
    }

    func has(_ identity: String) -> Bool { people[identity] != nil }

    /// Nil as well for somebody whose token said something else.
    func record(_ identity: String, _ claims: StaffClaims) -> StaffRecord? {
        people[identity].flatMap { $0.claims == claims ? $0 : nil }
    }

    // MARK: - What they are in a room

    func role(of person: JID, _ place: Place) -> StaffRole? {
        guard person.domain == domain, let localpart = person.localpart, let record = people[localpart],
            counts(record, place)
        else { return nil }
        return record.claims.role
    }

    func office(of person: JID) -> Office? {
        guard person.domain == domain, let claims = person.localpart.flatMap({ people[$0] })?.claims else { return nil }
        // Two hosts of one site are the same office.
        let site = claims.site.map { sites.site(for: $0)?.hosts.first ?? $0 }
        return Office(claims.role.standing, site: site, nick: claims.nick)
    }

    func people(_ place: Place) -> [JID] {
        people.values.filter { counts($0, place) }.sorted { ($0.issued, $0.identity) < ($1.issued, $1.identity) }
            .compactMap { JID(localpart: $0.identity, domain: domain) }
    }

    /// Whether nobody else has the nick for his own.
    func mayUse(_ nick: String, _ person: JID, _ place: Place) -> Bool {
        let owners = nicks[StaffClaims.fold(nick)]?.filter { counts($0, place) } ?? []
        return owners.isEmpty || (person.domain == domain && owners.contains { $0.identity == person.localpart })
    }

    /// Whether the nick is that person's own.
    func owns(_ nick: String, _ person: JID, _ place: Place) -> Bool {
        guard person.domain == domain, let owners = nicks[StaffClaims.fold(nick)] else { return false }
        return owners.contains { $0.identity == person.localpart && counts($0, place) }
    }

    private func counts(_ record: StaffRecord, _ place: Place) -> Bool {
        record.claims.site == nil || place.host(sites).map { record.claims.cover(host: $0, sites) } ?? false
    }

    /// A room, or one that is not there yet.
    struct Place {
        let localpart: String?
        let pageURL: String?

        /// The host of its page, in canonical form; nil for a room that is no page's. Its address tells if nothing else
        /// does: somebody may have made the room without speaking of the page.
        func host(_ sites: SiteList) -> String? {
            if let pageURL { return (try? PageURL(pageURL))?.host }
            return localpart.flatMap { PageAddress.make(localpart: $0, sites: sites) }?.host
        }
    }
}
