import SeededTesting
import Testing

@testable import SamepageServer

struct IPAddressTests {
    typealias Case = NamedCase<String, String?>

    static let addresses = [
        Case("IPv4", "192.0.2.1", "192.0.2.1"),
        Case("lowest IPv4", "0.0.0.0", "0.0.0.0"),
        Case("highest IPv4", "255.255.255.255", "255.255.255.255"),
        Case("IPv4 too large", "256.0.0.1", nil),
        Case("IPv4 with a leading zero", "192.0.02.1", nil),
        Case("IPv4 of three numbers", "192.0.2", nil),
        Case("IPv4 of five numbers", "1.2.3.4.5", nil),
        Case("IPv4 with an empty number", "1..2.3", nil),
        Case("IPv4 with a space", "1.2.3.4 ", nil),
        Case("any IPv6", "::", "::"),
        Case("loopback", "::1", "::1"),
        Case("all eight groups", "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        Case("one zero group is not shortened", "1:2:3:0:5:6:7:8", "1:2:3:0:5:6:7:8"),
        Case("zeros at the end", "1::", "1::"),
        Case("one group elided", "1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"),
        Case("IPv4 inside", "::ffff:192.0.2.1", "::ffff:c000:201"),
        Case("IPv4 after seven groups", "1:2:3:4:5:6:7:1.2.3.4", nil),
        Case("IPv4 in front", "1.2.3.4::1", nil),
        Case("a zone", "fe80::1%eth0", "fe80::1"),
        Case("seven groups", "1:2:3:4:5:6:7", nil),
        Case("nine groups", "1:2:3:4:5:6:7:8:9", nil),
        Case("eight groups and a gap", "1:2:3:4::5:6:7:8", nil),
        Case("two gaps", "1::2::3", nil),
        Case("three colons", ":::1", nil),
        Case("one colon in front", ":1:2:3:4:5:6:7", nil),
        Case("one colon behind", "1:2:3:4:5:6:7:", nil),
        Case("five digits", "::12345", nil),
        Case("no hexadecimal", "::g", nil),
        Case("brackets", "[::1]", nil),
        Case("nothing", "", nil),
        Case("very long", String(repeating: "1:", count: 40), nil),
    ]

    @Test(arguments: addresses) func textIsAnAddressOrNot(_ row: Case) {
        #expect(IPAddress(row.input)?.description == row.expected)
    }

    @Test func anAddressSurvivesItsText() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            // Masks make runs of zero groups, which the short form is about.
            let high = UInt64.random(in: 0...UInt64.max, using: &random) & Self.mask(&random)
            let low = UInt64.random(in: 0...UInt64.max, using: &random) & Self.mask(&random)
            let address = IPAddress.v6(high: high, low: low)
            #expect(IPAddress(address.description) == address)
        }
    }

    private static func mask(_ random: inout SeededGenerator) -> UInt64 {
        (0..<4).reduce(UInt64(0)) { mask, _ in mask << 16 | (Bool.random(using: &random) ? 0xFFFF : 0) }
    }

    typealias BlockCase = NamedCase<(block: String, address: String), Bool>

    static let blocks = [
        BlockCase("inside", ("10.0.0.0/8", "10.255.0.1"), true),
        BlockCase("outside", ("10.0.0.0/8", "11.0.0.1"), false),
        BlockCase("bits below the prefix do not count", ("10.1.2.3/8", "10.9.9.9"), true),
        BlockCase("one address", ("192.0.2.1", "192.0.2.1"), true),
        BlockCase("another address", ("192.0.2.1", "192.0.2.2"), false),
        BlockCase("all of IPv4", ("0.0.0.0/0", "203.0.113.9"), true),
        BlockCase("all of IPv4 is not IPv6", ("0.0.0.0/0", "2001:db8::1"), false),
        BlockCase("all of IPv6 is not IPv4", ("::/0", "192.0.2.1"), false),
        BlockCase("IPv4-mapped counts as IPv4", ("10.0.0.0/8", "::ffff:10.0.0.1"), true),
        BlockCase("IPv6 inside", ("2001:db8::/33", "2001:db8:7fff::1"), true),
        BlockCase("IPv6 outside", ("2001:db8::/33", "2001:db8:8000::1"), false),
        BlockCase("a prefix beyond 64 bits, inside", ("2001:db8::8000:0:0:0/65", "2001:db8::ffff:0:0:1"), true),
        BlockCase("a prefix beyond 64 bits, outside", ("2001:db8::8000:0:0:0/65", "2001:db8::7fff:0:0:1"), false),
    ]

    @Test(arguments: blocks) func aBlockContainsAnAddressOrNot(_ row: BlockCase) throws {
        let block = try #require(AddressBlock(row.input.block))
        let address = try #require(IPAddress(row.input.address))
        #expect(block.contains(address) == row.expected)
    }

    @Test(arguments: ["", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "a/8"])
    func whatIsNoBlockIsRefused(_ text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
