import MUC
import Testing
import XMPP

@testable import SamepageServer

/// What those are in a room who have a role without an account.
struct StaffTests {
    private let staff: Staff
    private let sites: SiteList

    private static let ann = "annannannannannannannannan"
    private static let ben = "benbenbenbenbenbenbenbenbe"

    private static func record(
        _ identity: String, _ role: StaffRole, _ nick: String, site: String? = nil, expires: Int64 = 2_000
    ) -> StaffRecord {
        StaffRecord(
            identity: identity, claims: StaffClaims(role: role, nick: nick, site: site), issued: 1_000, expires: expires
        )
    }

    /// Ann owns everything, Ben moderates example.org.
    init() throws {
        sites = SiteList([try Site(hosts: ["example.org", "www.example.org"]), try Site(hosts: ["example.com"])])
        staff = Staff(domain: "chat.example", sites: sites)
        _ = staff.replace(by: [
            Self.record(Self.ann, .owner, "Ann"), Self.record(Self.ben, .moderator, "Ben", site: "example.org"),
        ])
    }

    private func place(_ url: String?, localpart: String = "somewhere") -> Staff.Place {
        Staff.Place(localpart: localpart, pageURL: url)
    }

    private func person(_ localpart: String, domain: String = "chat.example") -> JID { jid("\(localpart)@\(domain)") }

    @Test func aRoleWithoutASiteCountsEverywhereAndOneWithASiteOnItsPages() throws {
        let localpart = try PageAddress.make(url: "https://www.example.org/a", sites: sites).localpart
        let cases: [(Staff.Place, ben: Bool)] = [
            (place("https://example.org/a"), true), (place("http://www.example.org:8080"), true),
            (place("https://example.com/a"), false), (place("https://evil-example.org/"), false),
            (place(nil), false), (place(nil, localpart: localpart), true),
            (place("https://example.com/a", localpart: localpart), false), (place("nonsense"), false),
        ]
        for (place, ben) in cases {
            #expect(staff.role(of: person(Self.ann), place) == .owner, "\(place)")
            #expect(staff.role(of: person(Self.ben), place) == (ben ? .moderator : nil), "\(place)")
            #expect(staff.people(place).map(\.localpart) == (ben ? [Self.ann, Self.ben] : [Self.ann]))
        }
    }

    @Test func anOfficeSaysForWhichSiteAndByWhichNick() {
        #expect(staff.office(of: person(Self.ann)) == Office(.owner, nick: "Ann"))
        #expect(staff.office(of: person(Self.ben)) == Office(.moderator, site: "example.org", nick: "Ben"))
        #expect(staff.office(of: person("somebodysomebodysomebodyso")) == nil)
        #expect(staff.office(of: person(Self.ann, domain: "evil.example")) == nil)
    }

    @Test func aNickIsOwnedByItsBearerAndNobodyElseWhereTheRoleCounts() {
        let (here, elsewhere) = (place("https://www.example.org/a"), place("https://example.com/a"))
        #expect(staff.owns("ben", person(Self.ben), here))
        #expect(!staff.owns("Ben", person(Self.ben), elsewhere))
        #expect(!staff.owns("Ben", person(Self.ann), here))
        #expect(!staff.owns("Ann", person(Self.ann, domain: "evil.example"), here))
    }

    @Test func nobodyOfAnotherDomainHasARoleOrANickByALocalpart() {
        let stranger = person(Self.ann, domain: "evil.example")
        #expect(staff.role(of: stranger, place(nil)) == nil)
        #expect(!staff.mayUse("Ann", stranger, place(nil)))
    }

    @Test func aNickIsTheBearersOwnInWhateverLettersWhereTheRoleCounts() {
        let page = place("https://example.org/a")
        for nick in ["Ann", "ann", "ANN"] {
            #expect(staff.mayUse(nick, person(Self.ann), page))
            #expect(!staff.mayUse(nick, person(Self.ben), page))
        }
        #expect(!staff.mayUse("Ben", person(Self.ann), page))
        #expect(staff.mayUse("Ben", person(Self.ann), place("https://example.com/a")))
        #expect(staff.mayUse("Anna", person("visitor"), page))
    }

    @Test func whoIsNotThereAnyMoreIsNamedOnceAndHasNothingLeft() {
        #expect(staff.firstExpiry == 2_000)
        #expect(staff.replace(by: [Self.record(Self.ben, .moderator, "Ben", expires: 3_000)]) == [Self.ann])
        #expect(staff.firstExpiry == 3_000)
        #expect(staff.role(of: person(Self.ann), place(nil)) == nil)
        #expect(staff.mayUse("Ann", person("visitor"), place(nil)))
        #expect(staff.replace(by: []) == [Self.ben])
        #expect(staff.replace(by: []) == [])
        #expect(staff.firstExpiry == .max)
    }

    @Test func aTokenThatSaysSomethingElseThanItsRecordHasNone() {
        let claims = StaffClaims(role: .moderator, nick: "Ben", site: "example.org")
        #expect(staff.record(Self.ben, claims) != nil)
        #expect(staff.record(Self.ben, StaffClaims(role: .owner, nick: "Ben", site: "example.org")) == nil)
        #expect(staff.record(Self.ann, claims) == nil)
    }
}
