import MUC
import Testing
import XMPP

@testable import SamepageServer

/// Who makes rooms, by `rooms.creation`.
struct PageRoomPolicyTests {
    private let visitor = jid("visitor@localhost/tab")

    private func policy(_ creation: Configuration.Creation, hosts: [String] = []) throws -> PageRoomPolicy {
        let sites = hosts.isEmpty ? SiteList() : SiteList([try Site(hosts: hosts)])
        return PageRoomPolicy(creation: creation, sites: sites, key: SecretKey())
    }

    private func localpart(_ url: String) throws -> String {
        try PageAddress.make(url: url, sites: SiteList()).localpart
    }

    @Test func aJoinThatNamesItsPageMakesAPageRoomWithThePagesTitle() throws {
        let url = "https://example.org/a"
        let origin = try policy(.pages).admitRoom(
            localpart: localpart(url), claim: RoomClaim(url: url, title: "A page"), creator: visitor, isAdmin: false)
        #expect(origin == .page(url: url, name: "A page"))
    }

    @Test func aClaimOfAnotherPageIsWorthNothing() throws {
        #expect(throws: StanzaError.self) {
            try policy(.pages, hosts: ["example.org"]).admitRoom(
                localpart: "lounge", claim: RoomClaim(url: "https://example.org/a"), creator: visitor, isAdmin: false)
        }
    }

    @Test func aPageOfAForeignSiteHasNoRoom() throws {
        let url = "https://evil.example/a"
        #expect(throws: StanzaError.self) {
            try policy(.pages, hosts: ["example.org"]).admitRoom(
                localpart: localpart(url), claim: RoomClaim(url: url), creator: visitor, isAdmin: false)
        }
    }

    @Test func aJoinByAddressAloneMakesTheRoomOfAnAllowedPage() throws {
        let origin = try policy(.pages, hosts: ["example.org"]).admitRoom(
            localpart: localpart("https://example.org/a"), claim: nil, creator: visitor, isAdmin: false)
        guard case .page(_, let name) = origin else {
            Issue.record("not a page room: \(origin)")
            return
        }
        #expect(name == "example.org/a")
    }

    @Test func anyoneMakesUserRoomsWhereThatIsAllowed() throws {
        let origin = try policy(.anyone).admitRoom(localpart: "lounge", claim: nil, creator: visitor, isAdmin: false)
        #expect(origin == .user)
    }

    @Test func onlyAdminsMakeRoomsWhereThatIsDemanded() throws {
        let policy = try policy(.admins)
        let url = "https://example.org/a"
        #expect(throws: StanzaError.self) {
            try policy.admitRoom(
                localpart: localpart(url), claim: RoomClaim(url: url), creator: visitor, isAdmin: false)
        }
        #expect(try policy.admitRoom(localpart: "lounge", claim: nil, creator: visitor, isAdmin: true) == .user)
    }

    @Test(arguments: [
        ("a visitor a visitor", "v@localhost", "w@localhost", Affiliation.none, true),
        ("a visitor somebody of the network", "v@localhost", "romeo@example.org", .none, false),
        ("a visitor who is a member anybody", "v@localhost", "romeo@example.org", .member, true),
        ("somebody of the network anybody", "romeo@example.org", "juliet@example.org", .none, true),
        ("somebody of the network a visitor", "romeo@example.org", "v@localhost", .none, true),
    ])
    func aVisitorInvites(
        _ name: String, _ inviter: String, _ invitee: String, _ affiliation: Affiliation, _ isAdmitted: Bool
    ) throws {
        var policy = try policy(.pages)
        policy.visitors = "localhost"
        let admits = (try? policy.admitInvitation(of: jid(invitee), by: jid(inviter), affiliation: affiliation)) != nil
        #expect(admits == isAdmitted, "\(name)")
    }

    @Test func anAdminWhoComesFirstToAPageMakesThePagesRoomAndNotOneOfHisOwn() throws {
        let url = "https://example.org/a"
        for creation in Configuration.Creation.allCases {
            let policy = try policy(creation, hosts: ["example.org"])
            for claim in [RoomClaim(url: url, title: "A page"), nil] {
                let origin = try policy.admitRoom(
                    localpart: localpart(url), claim: claim, creator: visitor, isAdmin: true)
                #expect(origin == .page(url: url, name: claim?.title ?? "example.org/a"), "\(creation)")
            }
        }
    }

    @Test func ownersAndAdminsWithoutAnAccountMakeRoomsWhereTheirRoleCounts() throws {
        let (page, elsewhere) = ("https://example.org/a", "https://example.com/a")
        for (role, site, makes, makesElsewhere) in [
            (StaffRole.owner, nil, true, true), (.admin, nil, true, true), (.moderator, nil, false, false),
            (.admin, "example.org", true, false), (.moderator, "example.org", false, false),
        ] {
            let sites = SiteList([try Site(hosts: ["example.org"]), try Site(hosts: ["example.com"])])
            let staff = Staff(domain: "localhost", sites: sites)
            let policy = PageRoomPolicy(creation: .admins, sites: sites, staff: staff, key: SecretKey())
            let identity = "annannannannannannannannan"
            _ = staff.replace(by: [
                StaffRecord(
                    identity: identity, claims: StaffClaims(role: role, nick: "Ann", site: site), issued: 0, expires: 1)
            ])
            for (url, may) in [(page, makes), (elsewhere, makesElsewhere)] {
                let origin = try? policy.admitRoom(
                    localpart: localpart(url), claim: RoomClaim(url: url, title: "A page"),
                    creator: jid("\(identity)@localhost/tab"), isAdmin: false)
                #expect(origin == (may ? .page(url: url, name: "A page") : nil), "\(role) of \(site ?? "all")")
            }
        }
    }

    @Test func occupantIdsAreStablePerRoomAndTellNothingAcrossRooms() throws {
        let policy = try policy(.pages)
        let first = policy.occupantID(of: visitor.bare, in: jid("a@rooms.localhost"))
        #expect(first == policy.occupantID(of: visitor.bare, in: jid("a@rooms.localhost")))
        #expect(first != policy.occupantID(of: visitor.bare, in: jid("b@rooms.localhost")))
        #expect(first.count == 32)
    }

    // MARK: - Hats (XEP-0317)

    @Test func staffWearsAHatWhereItsRoleCountsAndNobodyElseDoes() throws {
        let sites = SiteList([try Site(hosts: ["example.org"]), try Site(hosts: ["example.com"])])
        let staff = Staff(domain: "localhost", sites: sites)
        let ben = "benbenbenbenbenbenbenbenbe"
        _ = staff.replace(by: [
            StaffRecord(
                identity: ben, claims: StaffClaims(role: .moderator, nick: "Ben", site: "example.org"), issued: 1,
                expires: 2)
        ])
        var policy = PageRoomPolicy(creation: .pages, sites: sites, staff: staff, key: SecretKey())
        policy.admins = [jid("ann@example.net")]
        policy.hatTitles = [.owner: "Editor", .moderator: "Helper"]
        func hats(_ person: String, _ url: String) -> [String] {
            policy.hats(of: jid(person), in: jid("room@rooms.localhost"), pageURL: url).map { "\($0.uri) \($0.title)" }
        }
        #expect(hats("\(ben)@localhost", "https://example.org/a") == ["urn:samepage:hats:0#moderator Helper"])
        #expect(hats("\(ben)@localhost", "https://example.com/a") == [])
        #expect(hats("ann@example.net", "https://example.com/a") == ["urn:samepage:hats:0#owner Editor"])
        #expect(hats("visitor@localhost", "https://example.org/a") == [])
        policy.hatTitles[.moderator] = ""
        #expect(hats("\(ben)@localhost", "https://example.org/a") == [])
    }

    @Test func aRoomIsOfASiteByAnyOfItsHosts() throws {
        let sites = SiteList([try Site(hosts: ["example.org", "*.example.org"]), try Site(hosts: ["example.com"])])
        let policy = PageRoomPolicy(creation: .pages, sites: sites, key: SecretKey())
        let room = jid(
            "\(try PageAddress.make(url: "https://www.example.org/a", sites: sites).localpart)@rooms.localhost")
        #expect(policy.isRoom(room, pageURL: nil, of: "example.org"))
        #expect(policy.isRoom(room, pageURL: "https://www.example.org/a", of: "example.org"))
        #expect(!policy.isRoom(room, pageURL: nil, of: "example.com"))
        #expect(!policy.isRoom(jid("lounge@rooms.localhost"), pageURL: nil, of: "example.org"))
    }
}
