import Testing

@testable import SamepageServer

/// Tokens with a role.
struct StaffTokenTests {
    private let signer = VisitorTokenSigner(secret: SecretKey())
    private let sites: SiteList

    init() throws {
        sites = SiteList([try Site(hosts: ["example.org", "*.example.org"]), try Site(hosts: ["example.com"])])
    }

    private func token(
        _ role: StaffRole = .moderator, _ nick: String = "Ann", site: String? = "example.org"
    ) -> VisitorToken {
        VisitorToken(
            identity: "abcdefghijklmnopqrstuvwxyz", issued: 1_000_000_000_000, expires: 1_007_776_000_000,
            claims: StaffClaims(role: role, nick: nick, site: site))
    }

    private func refusal(_ text: String, now: Int64 = 1_000_000_000_000) -> VisitorToken.Refusal? {
        do throws(VisitorToken.Refusal) {
            _ = try signer.verify(text, origin: nil, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatWasMintedIsReadAgainFromAnyOrigin() throws {
        for role in StaffRole.allCases {
            for nick in ["Ann", "Ann Other", "Ø", "안녕 ~.~", "a.b", "🦊"] {
                for site in [nil, "example.org", "localhost", "127.0.0.1", "[::1]", "xn--bcher-kva.example", "a_b.c-d"]
                {
                    let token = token(role, nick, site: site)
                    let text = signer.mint(token, origin: "https://example.com")
                    for origin in [nil, "https://example.org", ""] {
                        #expect(try signer.verify(text, origin: origin, now: token.issued) == token)
                    }
                    #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "@") })
                }
            }
        }
    }

    @Test func theLongestNickFitsIntoATokenWithASite() {
        let nick = String(repeating: "é", count: 32)
        let text = signer.mint(token(.moderator, nick, site: "blog.some-larger-company.example.org"), origin: nil)
        #expect(text.utf8.count <= VisitorToken.maximumLength)
    }

    @Test func everyFieldCountsAndSoDoesEveryBitOfIt() {
        let bytes = Array(signer.mint(token(), origin: nil).utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect(refusal(String(decoding: changed, as: UTF8.self)) == .forged, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func nobodyWritesHimselfAnotherRoleSiteOrName() {
        let text = signer.mint(token(), origin: nil)
        let others = [
            token(.owner), token(.admin), token(.moderator, "Ben"), token(site: nil), token(site: "example.com"),
            VisitorToken(identity: "abcdefghijklmnopqrstuvwxyz", issued: 1_000_000_000_000, expires: 1_007_776_000_000),
        ]
        let fields = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for other in others {
            let others = signer.mint(other, origin: nil)
                .split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            // All that the other says, with the code of this one.
            #expect(refusal((others.dropLast() + fields.suffix(1)).joined(separator: ".")) == .forged)
            for index in fields.indices.dropFirst().dropLast() where index < others.count - 1 {
                guard fields[index] != others[index] else { continue }
                var mixed = fields
                mixed[index] = others[index]
                #expect(refusal(mixed.joined(separator: ".")) == .forged, "field \(index)")
            }
        }
        // A visitor's token, with a role put in.
        let visitor = signer.mint(others[5], origin: nil).split(separator: ".", omittingEmptySubsequences: false)
        let promoted = visitor.dropLast() + ["owner", "", "QW5u"] + visitor.suffix(1)
        #expect(refusal(promoted.joined(separator: ".")) == .forged)
    }

    @Test func aTokenThatIsWellSignedAndSaysNonsenseIsUnreadable() {
        let secret = SecretKey()
        let signer = VisitorTokenSigner(secret: secret)
        let key = secret.derived(for: "visitor token")
        func refusal(_ claims: String) -> VisitorToken.Refusal? {
            let signed = "sp1.abcdefghijklmnopqrstuvwxyz.1.100.\(claims)."
            do throws(VisitorToken.Refusal) {
                _ = try signer.verify(signed + key.authenticationCode(signed, length: 16), origin: nil, now: 2)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(".owner..QW5u") == nil)
        for claims in [
            ".king..QW5u", ".Owner..QW5u", ".owner..", ".owner..QW5u.", "..owner..QW5u", ".owner.QW5u", "x.owner..QW5u",
            ".owner..QW5v+", ".owner..QW5uQQ==", ".owner..QW5uQR", ".owner..gA", ".owner..QW5u\n", ".owner..é",
        ] {
            #expect(refusal(claims) == .unreadable, "\(claims)")
        }
    }

    @Test func aTokenForASiteIsTakenFromThatSitesOriginsAndFromWhatIsNoBrowser() {
        let claims = StaffClaims(role: .owner, nick: "Ann", site: "example.org")
        for origin in [nil, "https://example.org", "http://example.org:8080", "https://blog.example.org"] {
            #expect(claims.admit(origin: origin, sites), "\(origin ?? "none")")
        }
        for origin in [
            "https://example.com", "https://evil.example", "https://example.org.evil.example", "null", "",
            "https://evil.example/https://example.org", "https://example.org/", "https://example.org@evil.example",
        ] {
            #expect(!claims.admit(origin: origin, sites), "\(origin)")
        }
        let everywhere = StaffClaims(role: .owner, nick: "Ann", site: nil)
        #expect(everywhere.admit(origin: "https://evil.example", sites))
    }
}
