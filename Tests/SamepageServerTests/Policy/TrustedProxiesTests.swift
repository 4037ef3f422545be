import Testing

@testable import SamepageServer

struct TrustedProxiesTests {
    typealias AddressCase = NamedCase<String, ClientAddress.Key?>

    static let addresses = [
        AddressCase("IPv4", "192.0.2.1", .v4(0xC000_0201)),
        AddressCase("IPv4 with a port", "192.0.2.1:4711", .v4(0xC000_0201)),
        AddressCase("IPv6 counts by its /64", "2001:db8:1:2:3:4:5:6", .v6(0x2001_0DB8_0001_0002)),
        AddressCase("IPv6 in brackets", "[2001:db8:1:2::1]", .v6(0x2001_0DB8_0001_0002)),
        AddressCase("IPv6 in brackets with a port", "[2001:db8:1:2::1]:443", .v6(0x2001_0DB8_0001_0002)),
        AddressCase("IPv4-mapped counts as IPv4", "::ffff:192.0.2.1", .v4(0xC000_0201)),
        AddressCase("spaces around", "  192.0.2.1\t", .v4(0xC000_0201)),
        AddressCase("a Unix socket", "unix", .local),
        AddressCase("a Unix socket with a path", "unix:/run/samepage", .local),
        AddressCase("a word", "unknown", nil),
        AddressCase("nothing", "", nil),
        AddressCase("a port that is none", "192.0.2.1:http", nil),
        AddressCase("IPv4 in brackets", "[192.0.2.1]", nil),
        AddressCase("an open bracket", "[::1", nil),
    ]

    @Test(arguments: addresses) func aPeersTextHasAKeyOrNot(_ row: AddressCase) {
        #expect(ClientAddress(row.input)?.key == row.expected)
    }

    struct Walk: Sendable {
        var trusted = ["10.0.0.0/8", "loopback"]
        var peer = "10.0.0.1"
        let fields: [String]
    }

    typealias WalkCase = NamedCase<Walk, String>

    static let walks = [
        WalkCase("no field", Walk(fields: []), "10.0.0.1"),
        WalkCase("one client", Walk(fields: ["203.0.113.7"]), "203.0.113.7"),
        WalkCase("the peer is no proxy", Walk(peer: "203.0.113.1", fields: ["198.51.100.1"]), "203.0.113.1"),
        WalkCase("a forged entry on the left", Walk(fields: ["198.51.100.1, 203.0.113.7"]), "203.0.113.7"),
        WalkCase("two proxies", Walk(fields: ["203.0.113.7, 10.0.0.2"]), "203.0.113.7"),
        WalkCase("several fields are one list", Walk(fields: ["203.0.113.7", "10.0.0.3,10.0.0.2"]), "203.0.113.7"),
        WalkCase("only proxies", Walk(fields: ["10.0.0.3, 10.0.0.2"]), "10.0.0.3"),
        WalkCase("an entry that is no address", Walk(fields: ["203.0.113.7, unknown, 10.0.0.2"]), "10.0.0.2"),
        WalkCase("an empty entry", Walk(fields: ["203.0.113.7, "]), "10.0.0.1"),
        WalkCase("a forged Unix socket", Walk(fields: ["203.0.113.7, unix"]), "10.0.0.1"),
        WalkCase("a client with a port", Walk(fields: ["[2001:db8::1]:4711"]), "2001:db8::1"),
        WalkCase("IPv4-mapped proxy", Walk(peer: "::ffff:10.0.0.1", fields: ["203.0.113.7"]), "203.0.113.7"),
        WalkCase("a loopback proxy", Walk(peer: "::1", fields: ["203.0.113.7"]), "203.0.113.7"),
        WalkCase("a Unix socket", Walk(trusted: ["unix"], peer: "unix", fields: ["203.0.113.7"]), "203.0.113.7"),
        WalkCase("a private network", Walk(trusted: ["private"], peer: "172.31.0.1", fields: ["1.1.1.1"]), "1.1.1.1"),
        WalkCase("nobody is trusted", Walk(trusted: [], fields: ["203.0.113.7"]), "10.0.0.1"),
    ]

    @Test(arguments: walks) func theClientIsTheFirstUntrustedAddressFromTheRight(_ row: WalkCase) throws {
        let proxies = try #require(TrustedProxies(row.input.trusted))
        let peer = try #require(ClientAddress(row.input.peer))
        let client = proxies.client(peer: peer, forwardedFor: row.input.fields)
        #expect(client.address == ClientAddress(row.expected))
    }

    @Test func aFieldFromAPeerThatIsNoProxyIsReported() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.1"]))
        let stranger = try #require(ClientAddress("203.0.113.1"))
        let proxy = try #require(ClientAddress("10.0.0.1"))
        #expect(proxies.client(peer: stranger, forwardedFor: ["1.1.1.1"]).isUndeclaredProxy)
        #expect(!proxies.client(peer: stranger, forwardedFor: []).isUndeclaredProxy)
        #expect(!proxies.client(peer: proxy, forwardedFor: ["1.1.1.1"]).isUndeclaredProxy)
    }

    @Test func theWalkEndsAfterAsManyHopsAsThereMayBe() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.0/8"]))
        let peer = try #require(ClientAddress("10.0.0.1"))
        let hops = Array(repeating: "10.0.0.9", count: TrustedProxies.maximumHops).joined(separator: ",")
        let client = proxies.client(peer: peer, forwardedFor: ["203.0.113.7," + hops])
        #expect(client.address == ClientAddress("10.0.0.9"))
    }

    @Test func theSchemeCountsOnlyFromAProxy() throws {
        let proxies = try #require(TrustedProxies(["10.0.0.1"]))
        let proxy = try #require(ClientAddress("10.0.0.1"))
        let stranger = try #require(ClientAddress("10.0.0.2"))
        #expect(proxies.forwardedProto(peer: proxy, values: ["https"]) == "https")
        #expect(proxies.forwardedProto(peer: proxy, values: ["https, HTTP"]) == "http")
        #expect(proxies.forwardedProto(peer: proxy, values: ["gopher"]) == nil)
        #expect(proxies.forwardedProto(peer: proxy, values: []) == nil)
        #expect(proxies.forwardedProto(peer: stranger, values: ["https"]) == nil)
    }

    @Test(arguments: ["10.0.0.0/40", "proxy.example.org", "", "unix:/a"]) func anEntryThatIsNothingIsRefused(
        _ entry: String
    ) {
        #expect(TrustedProxies(["10.0.0.1", entry]) == nil)
    }
}
