import SeededTesting
import Testing

@testable import SamepageServer

/// What must hold for every URL. The seeds are fixed: a failure comes again.
struct PageAddressPropertyTests {
    static let pieces = [
        "a", "B", "%41", "%7e", "%2F", "%2e", "..", ".", "/", "//", "\\", "?", "&", "=", "id", "id=1", "page", "#", "+",
        "%",
        "%4", "ü", "%C3%BC", "日", " ", "\t", "'", "\"", "<", "|", "~", "index.html", "index.php", ":", "@", "utm_x=1",
        "~0123456789", "{", "\u{202E}", "😀",
    ]
    static let authorities = [
        "example.org", "EXAMPLE.org.", "e.org:443", "e.org:80", "bücher.example:8080", "[::1]:99", "127.1", "localhost",
    ]
    static let sites = SiteList(
        [
            try? Site(hosts: ["*.org", "*.example", "localhost", "127.0.0.1", "[::1]"], query: ["id", "page", "B"])
        ].compactMap { $0 })

    private static func randomURL(_ random: inout SeededGenerator) -> String {
        var url =
            (Bool.random(using: &random) ? "https://" : "http://") + (authorities.randomElement(using: &random) ?? "")
        guard Int.random(in: 0..<20, using: &random) > 0 else { return url }
        url += "/"
        for _ in 0..<Int.random(in: 0..<14, using: &random) { url += pieces.randomElement(using: &random) ?? "" }
        return url
    }

    @Test func theKeyOfAKeyIsItself() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<6_000 {
            let url = Self.randomURL(&random)
            let address = try PageAddress.make(url: url, sites: Self.sites)
            let again = try PageAddress.make(url: PageAddress.url(fromKey: address.key), sites: Self.sites)
            #expect(again.key == address.key, "\(url)")
            #expect(again.localpart == address.localpart)
            #expect(address.key.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(url)")
            #expect(address.localpart.utf8.count <= PageAddress.maximumLocalpartLength)
            #expect(!address.localpart.contains { "\"&'/:<>@ ".contains($0) || $0.isUppercase })
            if let key = PageAddress.key(fromLocalpart: address.localpart) { #expect(key == address.key) }
            if !address.steps.contains(where: { $0.rule == .hash }) {
                #expect(PageAddress.key(fromLocalpart: address.localpart) == address.key, "\(url)")
            }
        }
    }

    @Test func differentKeysNeverShareALocalpart() throws {
        var random = SeededGenerator(seed: 2)
        var keys: [String: String] = [:]
        for _ in 0..<8_000 {
            let address = try PageAddress.make(url: Self.randomURL(&random), sites: Self.sites)
            let other = keys.updateValue(address.key, forKey: address.localpart)
            #expect(other == nil || other == address.key)
        }
        #expect(keys.count > 2_000)
    }

    @Test func nothingTrapsOnAnything() {
        var random = SeededGenerator(seed: 3)
        for round in 0..<6_000 {
            let count = Int.random(in: 0..<40, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = String(decoding: bytes, as: UTF8.self)
            let url = ["", "http://", "https://e.org/", "http://[", "http://xn--"][round % 5] + text
            _ = try? PageAddress.make(url: url, sites: Self.sites)
            _ = try? PageAddress.make(url: "https://e.org", room: text, sites: Self.sites)
            _ = PageAddress.key(fromLocalpart: text)
            _ = PageAddress.make(localpart: text, sites: Self.sites)
            _ = try? Site(hosts: [text])
            _ = OriginPolicy(sites: Self.sites, publicURL: text).judge(origin: url, requestHost: text)
        }
    }

    @Test func nothingTrapsOnAnyHost() {
        var random = SeededGenerator(seed: 4)
        for _ in 0..<4_000 {
            var host = ""
            for _ in 0..<Int.random(in: 1..<10, using: &random) {
                if let scalar = Unicode.Scalar(UInt32.random(in: 0x80...0x10FFFF, using: &random)) {
                    host.unicodeScalars.append(scalar)
                }
                if Bool.random(using: &random) {
                    host += ["a", ".", "-", "xn--", "1"].randomElement(using: &random) ?? ""
                }
            }
            guard let canonical = try? PageHost.canonical(host) else { continue }
            #expect((try? PageHost.canonical(canonical)) == canonical, "\(host.debugDescription)")
        }
    }
}
