import Foundation
import Testing

@testable import SamepageServer

/// What `samepage token` does.
struct StaffOfficeTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    private let now: Int64 = 1_795_363_200_000

    private func configuration(_ hosts: [String] = []) throws -> Configuration {
        var configuration = Configuration()
        configuration.data = folder
        configuration.domain = "chat.example"
        if !hosts.isEmpty { configuration.sites = SiteList([try Site(hosts: hosts)]) }
        return configuration
    }

    private func cleanUp() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func whatItMintsTheServerOfThatDirectoryReads() throws {
        defer { cleanUp() }
        let badge = try StaffOffice(configuration()).mint(.owner, nick: "  Ann   Other ", site: nil, days: 7, now: now)
        let data = try DataDirectory(path: folder)
        let token = try VisitorTokenSigner(secret: data.key).verify(badge.token, origin: nil, now: now)
        #expect(token.identity == badge.record.identity)
        #expect(token.expires == now + 7 * 86_400_000)
        #expect(token.claims == StaffClaims(role: .owner, nick: "Ann Other", site: nil))
        #expect(badge.address == "\(token.identity)@chat.example")
        _ = data.path
    }

    @Test func theFileNeverHoldsATokenAndNobodyElseMayReadIt() throws {
        defer { cleanUp() }
        let badge = try StaffOffice(configuration()).mint(.owner, nick: "Ann", site: nil, days: 7, now: now)
        let text = try String(contentsOfFile: folder + "/tokens", encoding: .utf8)
        let code = try #require(badge.token.split(separator: ".").last)
        #expect(!text.contains(code))
        #expect(!text.contains("sp1."))
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/tokens")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test func manyAtOnceLoseNothing() async throws {
        defer { cleanUp() }
        let configuration = try configuration()
        _ = try StaffOffice(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    _ = try StaffOffice(configuration).mint(.admin, nick: "N\(number)", site: nil, days: 1, now: now)
                }
            }
            try await group.waitForAll()
        }
        #expect(try StaffOffice(configuration).list(now: now).count == 40)
    }

    @Test func theLinkLeadsToAPageOfTheSite() throws {
        defer { cleanUp() }
        func link(
            _ hosts: [String], site: String? = nil, page: String? = nil, publicURL: String? = nil
        ) throws -> String? {
            var configuration = try configuration(hosts)
            configuration.publicURL = publicURL
            let badge = try StaffOffice(configuration).mint(
                .owner, nick: UUID().uuidString, site: site, page: page, days: 1, now: now)
            return badge.link?.replacing(badge.token, with: "TOKEN")
        }
        #expect(try link([]) == nil)
        #expect(try link([], publicURL: "https://chat.example") == "https://chat.example/demo/#samepage=TOKEN")
        #expect(try link(["example.org", "*.example.org"]) == "https://example.org/#samepage=TOKEN")
        #expect(try link(["*.example.org"]) == nil)
        #expect(try link([], site: "Bücher.example") == "https://xn--bcher-kva.example/#samepage=TOKEN")
        #expect(try link([], site: "localhost") == "http://localhost/#samepage=TOKEN")
        #expect(
            try link(["example.org"], site: "example.org", page: "https://example.org/a?b#c")
                == "https://example.org/a?b#samepage=TOKEN")
        for (site, page) in [("example.org", "https://example.com/"), ("example.com", nil), ("not a host", nil)] {
            #expect(throws: StaffOffice.Failure.self) { try link(["example.org"], site: site, page: page) }
        }
    }

    @Test func whatNoRoomWouldTakeIsNotMinted() throws {
        defer { cleanUp() }
        let office = try StaffOffice(configuration())
        for (nick, days) in [
            ("", 1), (" ", 1), ("\u{200B}", 1), (String(repeating: "n", count: 65), 1), ("Ann", 0), ("Ann", 99_999),
        ] {
            #expect(throws: StaffOffice.Failure.self, "\(nick) \(days)") {
                try office.mint(.owner, nick: nick, site: nil, days: days, now: now)
            }
        }
        let host = Array(repeating: String(repeating: "h", count: 60), count: 3).joined(separator: ".")
        #expect(throws: StaffOffice.Failure.self, "one that no token can hold") {
            try office.mint(.owner, nick: String(repeating: "n", count: 60), site: host, days: 1, now: now)
        }
        #expect(try office.list(now: now).isEmpty)
    }

    @Test func theListForgetsWhatHasExpired() throws {
        defer { cleanUp() }
        let office = try StaffOffice(configuration())
        let short = try office.mint(.owner, nick: "Ann", site: nil, days: 1, now: now).record
        let long = try office.mint(.admin, nick: "Ben", site: nil, days: 2, now: now).record
        #expect(try office.list(now: now) == [short, long])
        #expect(try office.list(now: now + 86_400_000) == [long])
        #expect(throws: StaffOffice.Failure.self) { try office.revoke(short.identity, now: now + 86_400_000) }
    }
}
