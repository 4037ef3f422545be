import Testing
import WebWire
import XMPP

@testable import SamepageServer

struct LocalpartTests {
    private func localpart(_ url: String) throws -> String {
        try PageAddress.make(url: url, sites: SiteList()).localpart
    }

    @Test func aPlainKeyIsOnlyEscaped() throws {
        #expect(try localpart("http://localhost:8080/demo") == "localhost\\3a8080\\2fdemo")
        #expect(try localpart("https://example.org/") == "example.org")
    }

    @Test func theRoomsJIDIsTheLocalpartAtTheService() throws {
        let address = try PageAddress.make(url: "https://example.org/a", sites: SiteList())
        #expect(address.roomJID(service: "rooms.localhost") == "example.org\\2fa@rooms.localhost")
    }

    @Test func upperCaseAddsTheDigestOfTheKey() throws {
        // The first 10 digits that sha256sum prints for "example.org/A".
        #expect(try localpart("https://example.org/A") == "example.org\\2fa~39bb97b005")
        #expect(try localpart("https://example.org/A") != localpart("https://example.org/a"))
    }

    @Test func aLocalpartOfTwoHundredBytesIsWhole() throws {
        let fits = "https://e.org/" + String(repeating: "a", count: 192)
        #expect(try localpart(fits) == "e.org\\2f" + String(repeating: "a", count: 192))
        #expect(try localpart(fits).utf8.count == 200)
        let long = fits + "a"
        #expect(try localpart(long) == "e.org\\2f" + String(repeating: "a", count: 181) + "~" + Self.digest(long.page))
        #expect(try localpart(long).utf8.count == 200)
    }

    @Test func aCutNeverSplitsAnEscape() throws {
        for padding in 170...192 {
            for tail in ["/b", "%2Fb", ":b", "/:/:/:"] {
                let url =
                    "https://e.org/" + String(repeating: "a", count: padding) + tail + "/"
                    + String(repeating: "z", count: 60)
                let text = try localpart(url)
                let body = text.dropLast(11)
                #expect(text.utf8.count <= 200 && text.utf8.count > 190)
                #expect(!body.hasSuffix("\\") && !body.hasSuffix("\\2") && !body.hasSuffix("\\3"))
                #expect(!body.hasSuffix("%") && !body.hasSuffix("%2"))
            }
        }
        #expect(PageAddress.cut("aübc", to: 2) == "a")
        #expect(PageAddress.cut("ab\\2fcd", to: 4) == "ab")
        #expect(PageAddress.cut("ab\\2fcd", to: 5) == "ab\\2f")
    }

    @Test func aPageNamedLikeAnotherPagesDigestHasARoomOfItsOwn() throws {
        let victim = try localpart("https://example.org/A")
        let forged = "https://" + JIDEscaping.unescape(victim)
        #expect(try localpart(forged) != victim)
        #expect(try localpart(forged).hasPrefix(victim + "~"))
    }

    @Test func aWholeLocalpartGivesItsKeyBack() {
        #expect(PageAddress.key(fromLocalpart: "localhost\\3a8080\\2fdemo") == "localhost:8080/demo")
        #expect(PageAddress.key(fromLocalpart: "example.org\\3a443\\2fa") == "example.org:443/a")
        #expect(PageAddress.key(fromLocalpart: "example.org#support") == "example.org#support")
        #expect(PageAddress.key(fromLocalpart: "example.org?id=1") == "example.org?id=1")
        #expect(PageAddress.key(fromLocalpart: "\\5b2001") == nil)
        #expect(PageAddress.key(fromLocalpart: "[\\3a\\3a1]\\2fa") == "[::1]/a")
    }

    static let notPages = [
        "", "example.org\\2fa~0123456789", "example.org\\2f", "example.org\\2f\\2fa", "Example.org",
        "example.org\\2findex.html", "example.org\\2fa\u{37E}", "\u{212A}.org", "a b", "127.1", "example.org#",
        "example.org#A", "example.org?utm_source=1",
        "example.org\\2fa?b=1&a=2", "ann\\40example.org", "example.org/a", "\\20example.org", "example.org\\3a99999",
        String(repeating: "a", count: 201),
    ]

    @Test(arguments: notPages) func whatIsNoPagesLocalpartGivesNoKey(_ localpart: String) {
        #expect(PageAddress.key(fromLocalpart: localpart) == nil)
    }

    @Test func aJoinByJIDAloneFindsOnlyAllowedPages() throws {
        let sites = SiteList([try Site(hosts: ["example.org"], query: ["id"])])
        #expect(PageAddress.make(localpart: "example.org\\2fa", sites: sites)?.key == "example.org/a")
        #expect(PageAddress.make(localpart: "example.org?id=1", sites: sites)?.key == "example.org?id=1")
        #expect(PageAddress.make(localpart: "example.org?page=1", sites: sites) == nil)
        #expect(PageAddress.make(localpart: "other.org\\2fa", sites: sites) == nil)
    }

    private static func digest(_ key: String) -> String {
        String(Digest.hex(Digest.sha256(Array(key.utf8))).prefix(10))
    }
}

extension String {
    /// What follows `https://`.
    fileprivate var page: String { String(dropFirst(8)) }
}
