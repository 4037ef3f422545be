import Testing

@testable import SamepageServer

struct PageAddressTests {
    typealias Case = NamedCase<String, String>

    static let anySite = SiteList()

    /// The table of the design, in its order.
    static let design = [
        Case("everything at once", "https://Example.org:443/blog/../a//b/?utm_source=x#top", "example.org/a/b"),
        Case("root", "http://example.org/", "example.org"),
        Case("index of the root", "https://example.org/index.html", "example.org"),
        Case("a port that is no default", "http://localhost:8080/demo", "localhost:8080/demo"),
        Case("a path in upper case", "https://example.org/A", "example.org/A"),
        Case("an international host", "https://bücher.example/%7euser", "xn--bcher-kva.example/~user"),
    ]

    static let authorities = [
        Case("spaces and controls around", "\u{1} \thttps://example.org/a \u{1F}", "example.org/a"),
        Case("tabs and line breaks inside", "ht\ttps:/\n/exam\rple.org/a", "example.org/a"),
        Case("backslashes", "https:\\\\example.org\\a\\b", "example.org/a/b"),
        Case("no slashes", "https:example.org/a", "example.org/a"),
        Case("one slash", "https:/example.org/a", "example.org/a"),
        Case("many slashes", "https://///example.org/a", "example.org/a"),
        Case("scheme in upper case", "HTTPS://example.org", "example.org"),
        Case("default port of http", "http://example.org:80/", "example.org"),
        Case("port 80 of https", "https://example.org:80/", "example.org:80"),
        Case("port 443 of http", "http://example.org:443/a", "example.org:443/a"),
        Case("port with zeros", "https://example.org:0000443/", "example.org"),
        Case("port 0", "https://example.org:0/", "example.org:0"),
        Case("highest port", "https://example.org:65535/", "example.org:65535"),
        Case("empty port", "https://example.org:/a", "example.org/a"),
        Case("final dot", "https://example.org./a", "example.org/a"),
        Case("percent-encoded host", "https://ex%61mple.%6Frg/", "example.org"),
        Case("percent-encoded UTF-8 host", "https://b%C3%BCcher.example/", "xn--bcher-kva.example"),
        Case("umlaut in upper case", "https://BÜCHER.example/", "xn--bcher-kva.example"),
        Case("decomposed umlaut", "https://bu\u{308}cher.example/", "xn--bcher-kva.example"),
        Case("sharp s, not transitional", "https://faß.example/", "xn--fa-hia.example"),
        Case("full-width letters", "https://ｅｘａｍｐｌｅ.org/", "example.org"),
        Case("ideographic dot", "https://日本語。jp/", "xn--wgv71a119e.jp"),
        Case("soft hyphen", "https://exam\u{AD}ple.org/", "example.org"),
        Case("punycode as it is", "https://XN--BCHER-KVA.example/", "xn--bcher-kva.example"),
        Case("underscore", "https://a_b.example.org/", "a_b.example.org"),
        Case("IPv4", "http://192.0.2.1/a", "192.0.2.1/a"),
        Case("IPv4 in one number", "http://3221225985/", "192.0.2.1"),
        Case("IPv4 hexadecimal and octal", "http://0xC0.0.01002/", "192.0.2.2"),
        Case("IPv4 with two numbers", "http://127.1/", "127.0.0.1"),
        Case("IPv4 with an empty hexadecimal", "http://0x/", "0.0.0.0"),
        Case("IPv4 with a final dot", "http://127.0.0.1./", "127.0.0.1"),
        Case("IPv4 in full-width digits", "http://１２７.０.０.１/", "127.0.0.1"),
        Case("IPv4 percent-encoded", "http://%31%32%37.0.0.1/", "127.0.0.1"),
        Case("IPv6", "http://[2001:DB8:0:0:0:0:0:1]:8080/a", "[2001:db8::1]:8080/a"),
        Case("IPv6 with IPv4", "http://[::ffff:192.0.2.1]/", "[::ffff:c000:201]"),
    ]

    static let paths = [
        Case("dot segments", "https://e.org/a/./b/../c", "e.org/a/c"),
        Case("dot segments percent-encoded", "https://e.org/a/%2e/b/%2E%2e/.%2e/c", "e.org/c"),
        Case("above the root", "https://e.org/../../a", "e.org/a"),
        Case("dots at the end", "https://e.org/a/b/..", "e.org/a"),
        Case("an empty segment taken back", "https://e.org/a//../b", "e.org/a/b"),
        Case("three dots are a name", "https://e.org/.../a", "e.org/.../a"),
        Case("many slashes", "https://e.org////a////b////", "e.org/a/b"),
        Case("unreserved decoded", "https://e.org/%61%2D%5f%7E%2e%41", "e.org/a-_~.A"),
        Case("the rest upper-case", "https://e.org/a%2fb%c3%bc", "e.org/a%2Fb%C3%BC"),
        Case("not ASCII", "https://e.org/bücher", "e.org/b%C3%BCcher"),
        Case("what a browser encodes", "https://e.org/a b\"<>`{}", "e.org/a%20b%22%3C%3E%60%7B%7D"),
        Case("what only some encode", "https://e.org/a|b^c[d]", "e.org/a%7Cb%5Ec%5Bd%5D"),
        Case("delimiters stay", "https://e.org/!$&'()*+,;=:@", "e.org/!$&'()*+,;=:@"),
        Case("a stray percent sign", "https://e.org/100%", "e.org/100%25"),
        Case("a stray percent sign before an escape", "https://e.org/%%341", "e.org/%2541"),
        Case("not decoded twice", "https://e.org/%2561", "e.org/%2561"),
        Case("index.htm", "https://e.org/a/index.htm", "e.org/a"),
        Case("index.php with a query", "https://e.org/a/index.php?x=1", "e.org/a"),
        Case("index.html twice", "https://e.org/a/index.html/index.html", "e.org/a"),
        Case("index.html and a slash", "https://e.org/a/index.html/", "e.org/a"),
        Case("index.html percent-encoded", "https://e.org/a/%69ndex.html", "e.org/a"),
        Case("not quite an index", "https://e.org/a/myindex.html", "e.org/a/myindex.html"),
        Case("a question mark in the fragment", "https://e.org/a#b?id=1", "e.org/a"),
        Case("a query without path", "https://e.org?id=1", "e.org"),
        Case("a fragment without path", "https://e.org#a", "e.org"),
    ]

    @Test(arguments: design + authorities + paths) func aURLMapsToItsKey(_ row: Case) throws {
        #expect(try PageAddress.make(url: row.input, sites: Self.anySite).key == row.expected)
    }

    static let queries = [
        Case("only what is named", "https://e.org/?x=1&id=2", "e.org?id=2"),
        Case("sorted by name", "https://e.org/a?page=2&id=1", "e.org/a?id=1&page=2"),
        Case("repeats keep their order", "https://e.org/?page=1&id=9&id=2", "e.org?id=9&id=2&page=1"),
        Case("without a value", "https://e.org/?id", "e.org?id="),
        Case("empty pieces", "https://e.org/?&&id=1&", "e.org?id=1"),
        Case("a name percent-encoded", "https://e.org/?%69d=1", "e.org?id=1"),
        Case("a value normalised", "https://e.org/?id=%7ea%c3%bc+b%26c", "e.org?id=~a%C3%BC%20b%26c"),
        Case("an equals sign in a value", "https://e.org/?id=a=b", "e.org?id=a%3Db"),
        Case("tracking parameters though named", "https://e.org/?gclid=1&utm_term=2&id=3", "e.org?id=3"),
        Case("names are case-sensitive", "https://e.org/?ID=1", "e.org"),
        Case("a slash and a question mark", "https://e.org/?id=/a?b", "e.org?id=/a%3Fb"),
    ]

    @Test(arguments: queries) func aQueryKeepsOnlyWhatTheSiteNames(_ row: Case) throws {
        let site = try Site(hosts: ["e.org"], query: ["page", "id", "gclid", "utm_term"])
        #expect(try PageAddress.make(url: row.input, sites: SiteList([site])).key == row.expected)
    }

    typealias Refusal = NamedCase<String, PageAddressError>

    static let refusals = [
        Refusal("nothing", "", .notAWebPage),
        Refusal("no scheme", "example.org/a", .notAWebPage),
        Refusal("another scheme", "ftp://example.org/", .notAWebPage),
        Refusal("a script", "javascript:alert(1)", .notAWebPage),
        Refusal("a file", "file:///etc/passwd", .notAWebPage),
        Refusal("a user", "https://ann@example.org/", .credentials),
        Refusal("a user and a password", "https://ann:x@example.org/", .credentials),
        Refusal("an empty user", "https://@example.org/", .credentials),
        Refusal("no host", "https://", .badHost("")),
        Refusal("a query for a host", "https://?a", .badHost("")),
        Refusal("only a port", "https://:8080/", .badHost("")),
        Refusal("only a dot", "https://./", .badHost(".")),
        Refusal("an empty label", "https://a..b/", .badHost("a..b")),
        Refusal("two final dots", "https://a.b../", .badHost("a.b..")),
        Refusal("a space in the host", "https://exa mple.org/", .badHost("exa mple.org")),
        Refusal("a percent-encoded slash", "https://a%2Fb/", .badHost("a%2Fb")),
        Refusal("a percent-encoded NUL", "https://a%00b/", .badHost("a%00b")),
        Refusal("a stray percent sign", "https://a%b.org/", .badHost("a%b.org")),
        Refusal("invalid UTF-8", "https://a%FFb/", .badHost("a%FFb")),
        Refusal("a full-width slash", "https://a／b.org/", .badHost("a／b.org")),
        Refusal("a zero-width joiner", "https://a\u{200D}b.org/", .badHost("a\u{200D}b.org")),
        Refusal("invalid punycode", "https://xn--a.example/", .badHost("xn--a.example")),
        Refusal("empty punycode", "https://xn--.example/", .badHost("xn--.example")),
        Refusal("mixed directions", "https://1א.example/", .badHost("1א.example")),
        Refusal(
            "a label of 64 letters", "https://\(String(repeating: "a", count: 64)).org/",
            .badHost("\(String(repeating: "a", count: 64)).org")),
        Refusal("an IPv4 number too large", "http://4294967296/", .badHost("4294967296")),
        Refusal("five IPv4 numbers", "http://1.2.3.4.5/", .badHost("1.2.3.4.5")),
        Refusal("an octal digit too large", "http://0129/", .badHost("0129")),
        Refusal("a name that ends in a number", "http://example.1/", .badHost("example.1")),
        Refusal("IPv6 without the end", "http://[::1/", .badHost("[::1")),
        Refusal("IPv6 with a zone", "http://[fe80::1%25eth0]/", .badHost("[fe80::1%25eth0]")),
        Refusal("IPv6 with a mark on the zone's sign", "http://[::1%\u{301}25a]/", .badHost("[::1%\u{301}25a]")),
        Refusal("IPv4 in brackets", "http://[127.0.0.1]/", .badHost("[127.0.0.1]")),
        Refusal("text after the brackets", "http://[::1]a/", .badHost("[::1]a")),
        Refusal("a port too large", "https://example.org:65536/", .badPort),
        Refusal("a port of many digits", "https://example.org:99999999999999999999/", .badPort),
        Refusal("a port that is no number", "https://example.org:8o80/", .badPort),
        Refusal("over 4 KiB", "https://example.org/" + String(repeating: "a", count: 4_096), .tooLong),
    ]

    @Test(arguments: refusals) func whatIsNoPageIsRefused(_ row: Refusal) {
        #expect(throws: row.expected) { try PageAddress.make(url: row.input, sites: Self.anySite) }
    }

    @Test func hostsThatNoSiteNamesAreRefused() throws {
        let sites = SiteList([try Site(hosts: ["example.org"])])
        #expect(try PageAddress.make(url: "https://Example.org./a", sites: sites).key == "example.org/a")
        #expect(throws: PageAddressError.hostNotAllowed("other.org")) {
            try PageAddress.make(url: "https://other.org/", sites: sites)
        }
    }

    @Test func aSiteMayAskForARoomByName() throws {
        let address = try PageAddress.make(
            url: "https://Example.org/any/page?x=1", room: "Support", sites: Self.anySite)
        #expect(address.key == "example.org#support")
        #expect(address.localpart == "example.org#support")
        let withPort = try PageAddress.make(url: "http://localhost:8080/demo", room: "a-b_c.9", sites: Self.anySite)
        #expect(withPort.key == "localhost:8080#a-b_c.9")
    }

    static let badRoomNames = [
        "", "a b", "a/b", "a#b", "ü", "~", "a\u{0}", String(repeating: "a", count: 65),
    ]

    @Test(arguments: badRoomNames) func aRoomNameHasOnlyLettersDigitsAndThreeSigns(_ name: String) {
        #expect(throws: PageAddressError.badRoomName) {
            try PageAddress.make(url: "https://example.org", room: name, sites: Self.anySite)
        }
    }

    @Test func theStepsTellWhichRuleDidWhat() throws {
        let address = try PageAddress.make(
            url: "https://Example.org:443/blog/../a//b/?utm_source=x#top", sites: Self.anySite)
        #expect(
            address.steps.map(\.rule) == [
                .scheme, .host, .defaultPort, .fragment, .query, .dotSegments, .trailingSlash, .slashes, .escaping,
            ])
        let plain = try PageAddress.make(url: "https://example.org", sites: Self.anySite)
        #expect(plain.steps.map(\.rule) == [.scheme])
    }

    @Test func theDisplayNameIsReadableAndHarmless() throws {
        func name(_ url: String) throws -> String? {
            try PageAddress.make(url: url, sites: Self.anySite).displayName
        }
        #expect(try name("https://e.org/b%C3%BCcher/a%20b") == "e.org/bücher/a b")
        #expect(try name("https://e.org/a") == nil)
        #expect(try name("https://e.org/%E2%80%AEgpj") == nil)
        #expect(try name("https://e.org/%00") == nil)
        #expect(try name("https://e.org/%FF") == nil)
    }
}
