import SeededTesting
import Testing

@testable import SamepageServer

struct VisitorTokenTests {
    private let signer = VisitorTokenSigner(secret: SecretKey())
    private let origin = "https://example.org"
    private let token = VisitorToken(
        identity: "abcdefghijklmnopqrstuvwxyz", issued: 1_000_000_000_000, expires: 1_007_776_000_000)

    private func refusal(_ text: String, origin: String? = "https://example.org", now: Int64? = nil) -> VisitorToken
        .Refusal?
    {
        do throws(VisitorToken.Refusal) {
            _ = try signer.verify(text, origin: origin, now: now ?? token.issued)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatWasMintedIsReadAgain() throws {
        for origin in [origin, nil, "http://localhost:8080", ""] {
            let text = signer.mint(token, origin: origin)
            #expect(try signer.verify(text, origin: origin, now: token.issued) == token)
        }
    }

    @Test func aTokenFitsIntoATraceStringAndLeavesRoomForClaims() {
        let longest = VisitorToken(identity: token.identity, issued: .max, expires: .max)
        let text = signer.mint(longest, origin: origin)
        #expect(text.utf8.count <= 160)
        #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "@") })
    }

    @Test func everyFieldCountsAndSoDoesEveryBitOfIt() {
        let bytes = Array(signer.mint(token, origin: origin).utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect(refusal(String(decoding: changed, as: UTF8.self)) == .forged, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func aTokenWithAnotherFieldIsForged() {
        let fields = signer.mint(token, origin: origin).split(separator: ".").map(String.init)
        let other = VisitorToken(
            identity: "zyxwvutsrqponmlkjihgfedcba", issued: token.issued + 1, expires: token.expires + 1)
        let others = signer.mint(other, origin: "https://example.com").split(separator: ".").map(String.init)
        for index in 1..<fields.count {
            var mixed = fields
            mixed[index] = others[index]
            #expect(refusal(mixed.joined(separator: ".")) == .forged, "field \(index)")
            mixed.remove(at: index)
            #expect(refusal(mixed.joined(separator: ".")) == .forged, "without field \(index)")
            mixed.insert(contentsOf: [fields[index], fields[index]], at: index)
            #expect(refusal(mixed.joined(separator: ".")) == .forged, "field \(index) twice")
        }
    }

    @Test func noneOfTenThousandMutationsIsAccepted() {
        let text = signer.mint(token, origin: origin)
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("sp1.abcdefghijklmnopqrstuvwxyz0123456789 \u{0}\u{7F}é🦊\u{301}AZ=+/_-")
        for _ in 0..<10_000 {
            var characters = Array(text)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<max(1, characters.count), using: &generator)
                let character = alphabet.randomElement(using: &generator) ?? "."
                switch Int.random(in: 0..<5, using: &generator) {
                case 0 where !characters.isEmpty: characters[index] = character
                case 1: characters.insert(character, at: min(index, characters.count))
                case 2 where !characters.isEmpty: characters.remove(at: index)
                case 3: characters.removeLast(characters.count - index)
                default: characters.append(contentsOf: characters.suffix(20))
                }
            }
            let mutation = String(characters)
            guard mutation.utf8.elementsEqual(text.utf8) == false else { continue }
            let refusal = refusal(mutation)
            #expect(refusal == .forged || refusal == .tooLong, "seed \(seed): \(mutation)")
        }
    }

    @Test func theOriginTheKeyAndTheTimeMustFit() {
        let text = signer.mint(token, origin: origin)
        for other in [
            "https://example.com", "http://example.org", "https://example.org:444", "https://EXAMPLE.org", "",
        ] {
            #expect(refusal(text, origin: other) == .otherOrigin)
        }
        #expect(refusal(text, origin: nil) == .otherOrigin)
        #expect(refusal(signer.mint(token, origin: nil)) == .otherOrigin)
        #expect(refusal(VisitorTokenSigner(secret: SecretKey()).mint(token, origin: origin)) == .forged)
        #expect(refusal(text, now: token.expires - 1) == nil)
        #expect(refusal(text, now: token.expires) == .expired)
        #expect(refusal(text, now: .max) == .expired)
        #expect(refusal(text, now: token.issued - VisitorToken.clockTolerance) == nil)
        #expect(refusal(text, now: token.issued - VisitorToken.clockTolerance - 1) == .fromTheFuture)
        #expect(refusal(text, now: 0) == .fromTheFuture)
    }

    @Test func whatIsTooLongIsNotEvenLookedAt() {
        let text = signer.mint(token, origin: origin)
        #expect(refusal(text + String(repeating: "a", count: 256)) == .tooLong)
        #expect(refusal("sp1." + String(repeating: ".", count: 100_000)) == .tooLong)
        #expect(refusal("") == .forged)
        #expect(refusal("sp1.") == .forged)
        #expect(refusal("sp2" + text.dropFirst(3)) == .forged)
    }

    @Test func onlyWhatBeginsLikeATokenClaimsToBeOne() {
        for text in ["sp1.", "sp1.x", "sp1.\u{301}", "sp1.\u{0}"] { #expect(VisitorTokenSigner.isClaimed(by: text)) }
        for text in ["", "sp1", "sp2.x", "Sp1.x", " sp1.x", "me@example.org"] {
            #expect(!VisitorTokenSigner.isClaimed(by: text))
        }
    }

    @Test func whatIsSignedForOnePurposeIsWorthNothingForAnother() {
        let secret = SecretKey()
        let text = VisitorTokenSigner(secret: secret).mint(token, origin: nil)
        let signed = String(text.prefix(through: text.lastIndex(of: ".") ?? text.startIndex))
        let code = String(text.dropFirst(signed.count))
        #expect(secret.authenticationCode(signed, length: 16) != code)
        #expect(secret.derived(for: "something else").authenticationCode(signed, length: 16) != code)
        #expect(secret.derived(for: "visitor token").authenticationCode(signed, length: 16) == code)
    }
}
