import Testing

@testable import SamepageServer

struct OriginPolicyTests {
    struct Request: Sendable {
        var origin: String?
        var host: String? = "chat.example.net"
        var sites = ["example.org", "*.example.com", "bücher.example"]
        var publicURL: String?
    }

    typealias Case = NamedCase<Request, Bool>

    static let requests = [
        Case("no origin", Request(origin: nil), true),
        Case("a site", Request(origin: "https://example.org"), true),
        Case("a site on any port and scheme", Request(origin: "http://example.org:8080"), true),
        Case("a subdomain of a pattern", Request(origin: "https://a.b.example.com"), true),
        Case("the pattern's own domain", Request(origin: "https://example.com"), false),
        Case("a name that ends like the pattern", Request(origin: "https://badexample.com"), false),
        Case("an international site", Request(origin: "https://xn--bcher-kva.example"), true),
        Case("another site", Request(origin: "https://evil.example"), false),
        Case("a site as a prefix", Request(origin: "https://example.org.evil.example"), false),
        Case("any site when none is named", Request(origin: "https://evil.example", sites: []), true),
        Case("null", Request(origin: "null"), false),
        Case("null when no site is named", Request(origin: "null", sites: []), false),
        Case("nothing in it", Request(origin: "", sites: []), false),
        Case("another scheme", Request(origin: "file://example.org", sites: []), false),
        Case("a path", Request(origin: "https://example.org/", sites: []), false),
        Case("a query", Request(origin: "https://example.org?", sites: []), false),
        Case("a fragment", Request(origin: "https://example.org#", sites: []), false),
        Case("a user", Request(origin: "https://a@example.org", sites: []), false),
        Case("two origins", Request(origin: "https://example.org https://example.org", sites: []), false),
        Case("one slash", Request(origin: "https:/example.org", sites: []), false),
        Case("three slashes", Request(origin: "https:///example.org", sites: []), false),
        Case("backslashes", Request(origin: "https:\\\\example.org", sites: []), false),
        Case("a tab inside", Request(origin: "https://exam\tple.org", sites: []), false),
        Case("not ASCII", Request(origin: "https://bücher.example", sites: []), false),
        Case("a bad port", Request(origin: "https://example.org:99999", sites: []), false),
        Case("very long", Request(origin: "https://" + String(repeating: "a.", count: 300), sites: []), false),
        Case("the server's own page", Request(origin: "https://chat.example.net"), true),
        Case(
            "the own page with the default port in Host",
            Request(origin: "https://chat.example.net", host: "Chat.example.net:443"), true),
        Case("the own host on another port", Request(origin: "https://chat.example.net:8443"), false),
        Case("no Host", Request(origin: "https://chat.example.net", host: nil), false),
        Case("a Host that is none", Request(origin: "https://chat.example.net", host: "a b"), false),
        Case(
            "the public address",
            Request(origin: "https://chat.example.net", host: "10.0.0.1:8080", publicURL: "https://chat.example.net"),
            true),
        Case(
            "a name made to resolve here",
            Request(origin: "http://evil.example", host: "evil.example", publicURL: "https://chat.example.net"), false),
        Case(
            "the own page by localhost",
            Request(origin: "http://localhost:8080", host: "localhost:8080", publicURL: "https://chat.example.net"),
            true),
        Case(
            "the own page by address",
            Request(origin: "http://[::1]:8080", host: "[::1]:8080", publicURL: "https://chat.example.net"), true),
    ]

    @Test(arguments: requests) func anOriginIsAllowedOrRefused(_ row: Case) throws {
        let request = row.input
        let sites = request.sites.isEmpty ? SiteList() : SiteList([try Site(hosts: request.sites)])
        let policy = OriginPolicy(sites: sites, publicURL: request.publicURL)
        let expected: OriginPolicy.Judgement = row.expected ? .allowed(echo: request.origin) : .refused
        #expect(policy.judge(origin: request.origin, requestHost: request.host) == expected)
    }

    @Test func theFirstSiteWithTheHostDecides() throws {
        let sites = SiteList([
            try Site(hosts: ["blog.example.org"], query: ["p"]),
            try Site(hosts: ["*.example.org"], query: ["id"], canonical: true),
        ])
        #expect(sites.site(for: "blog.example.org")?.query == ["p"])
        #expect(sites.site(for: "www.example.org")?.canonical == true)
        #expect(sites.site(for: "example.org") == nil)
        #expect(sites.allows(host: "www.example.org") && !sites.allows(host: "example.net"))
    }

    @Test(arguments: [
        "https://example.org", "example.org:80", "example.org/a", "*", "*.", "*.127.0.0.1", "a.*.org", "",
    ])
    func aSiteTakesOnlyHosts(_ host: String) {
        #expect(throws: PageAddressError.self) { try Site(hosts: [host]) }
    }
}
