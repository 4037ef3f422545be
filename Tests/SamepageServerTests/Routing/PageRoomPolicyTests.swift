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

    @Test func occupantIdsAreStablePerRoomAndTellNothingAcrossRooms() throws {
        let policy = try policy(.pages)
        let first = policy.occupantID(of: visitor.bare, in: jid("a@rooms.localhost"))
        #expect(first == policy.occupantID(of: visitor.bare, in: jid("a@rooms.localhost")))
        #expect(first != policy.occupantID(of: visitor.bare, in: jid("b@rooms.localhost")))
        #expect(first.count == 32)
    }
}
