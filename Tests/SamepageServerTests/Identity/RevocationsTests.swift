import Testing

@testable import SamepageServer

struct RevocationsTests {
    private let ann = "annannannannannannannannan"
    private let ben = "benbenbenbenbenbenbenbenbe"

    private func somebody(_ number: Int) -> String {
        let digits = Array("abcdefghijklmnopqrstuvwxyz")
        let letters = (0..<5).map { digits[(number >> (4 * $0)) & 15] }
        return String(repeating: "a", count: 21) + String(letters)
    }

    @Test func whatWasIssuedUpToTheRevocationIsRevokedAndWhatComesAfterIsNot() {
        var revocations = Revocations(capacity: 10)
        _ = revocations.revoke(ann, now: 1_000)
        #expect(revocations.isRevoked(ann, issued: 999))
        #expect(revocations.isRevoked(ann, issued: 1_000))
        #expect(!revocations.isRevoked(ann, issued: 1_001))
        #expect(!revocations.isRevoked(ben, issued: 1))
        #expect(revocations.latest(for: ann) == 1_000)
    }

    @Test func entriesDropOutWhenTheirTokensHaveExpiredAndNoneOfThoseComesBack() {
        var revocations = Revocations(capacity: 10)
        _ = revocations.revoke(ann, now: 1_000)
        _ = revocations.revoke(ben, now: 2_000)
        revocations.expire(issuedUpTo: 999)
        #expect(revocations.count == 2)
        revocations.expire(issuedUpTo: 1_000)
        #expect(revocations.count == 1)
        #expect(revocations.isRevoked(ann, issued: 1_000), "should the lifetime be made longer again")
        #expect(!revocations.isRevoked(ann, issued: 1_001))
        #expect(revocations.isRevoked(ben, issued: 2_000))
    }

    @Test func aFullTableForgetsNoRevocation() {
        var revocations = Revocations(capacity: 3)
        for number in 0..<10 { _ = revocations.revoke(somebody(number), now: Int64(number) + 100) }
        #expect(revocations.count == 3)
        for number in 0..<10 { #expect(revocations.isRevoked(somebody(number), issued: Int64(number) + 100)) }
        #expect(!revocations.isRevoked(ann, issued: 107))
        #expect(revocations.isRevoked(ann, issued: 106), "the price: older tokens of anybody")
    }

    @Test func whoRevokesAllTheTimeHasOneEntry() {
        var revocations = Revocations(capacity: 3)
        _ = revocations.revoke(ben, now: 5)
        for time in 0..<10_000 { _ = revocations.revoke(ann, now: Int64(time) + 10) }
        #expect(revocations.count == 2)
        #expect(revocations.entries.map(\.time) == [5, 10_009])
        #expect(revocations.horizon == 0)
        revocations.expire(issuedUpTo: 5)
        #expect(revocations.entries.map(\.identity) == [ann])
    }

    @Test func aClockThatWasSetBackTakesNothingBack() {
        var revocations = Revocations(capacity: 3)
        _ = revocations.revoke(ann, now: 1_000)
        _ = revocations.revoke(ann, now: 10)
        _ = revocations.revoke(ben, now: 20)
        #expect(revocations.isRevoked(ann, issued: 1_000))
        #expect(revocations.isRevoked(ben, issued: 1_000))
    }

    @Test func theFileSaysTheSame() {
        var revocations = Revocations(capacity: 3)
        for number in 0..<5 { _ = revocations.revoke(somebody(number), now: Int64(number) + 100) }
        let (read, unreadable) = Revocations.parse(revocations.text, capacity: 3)
        #expect(unreadable == 0)
        #expect(read.entries == revocations.entries)
        #expect(read.horizon == 101)
    }

    @Test func aSmallerTableThanTheFileForgetsNoRevocation() {
        var text = ""
        for number in 0..<5 {
            text += Revocations.line(Revocations.Entry(identity: somebody(number), time: Int64(number) + 100))
        }
        let (read, _) = Revocations.parse(text, capacity: 2)
        #expect(read.count == 2)
        for number in 0..<5 { #expect(read.isRevoked(somebody(number), issued: Int64(number) + 100)) }
    }

    @Test func linesThatAreNotUnderstoodCountForNothing() {
        let bad = [
            "x", ann, "\(ann) ", "\(ann) -1", "\(ann) +1", "\(ann) 1 2", "\(ann)  1", "\(ann) 1x", " \(ann) 1",
            "\(ann) 99999999999999999999", "\(ann) ١", "\(ann.uppercased()) 1", "\(ann)a 1", "horizon", "horizon -5",
            "\u{0}",
        ]
        let (read, unreadable) = Revocations.parse((bad + ["\(ben) 7"]).joined(separator: "\n"), capacity: 10)
        #expect(unreadable == bad.count)
        #expect(read.entries == [Revocations.Entry(identity: ben, time: 7)])
        #expect(read.horizon == 0)
    }

    @Test func anotherKindOfLineEndHidesNoOtherLine() {
        let (read, unreadable) = Revocations.parse("\(ann) 5\r\n\(ben) 7\n", capacity: 10)
        #expect(unreadable == 1)
        #expect(read.entries.map(\.identity) == [ben])
    }

    @Test func randomRevocationsAgreeWithARememberingOracle() {
        var revocations = Revocations(capacity: 20)
        var latest: [String: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<5_000 {
            now += Int64.random(in: 0...50)
            let person = somebody(Int.random(in: 0..<100))
            if Int.random(in: 0..<3) == 0 {
                _ = revocations.revoke(person, now: now)
                latest[person] = now
            } else if Int.random(in: 0..<20) == 0 {
                revocations.expire(issuedUpTo: now - 2_000)
            } else if Int.random(in: 0..<50) == 0 {
                (revocations, _) = Revocations.parse(revocations.text, capacity: 20)
            }
            let issued = now - Int64.random(in: 0...4_000)
            if let revoked = latest[person], issued <= revoked {
                #expect(revocations.isRevoked(person, issued: issued))
            }
            #expect(revocations.count <= 20)
            // Nobody who came after the latest revocation is concerned.
            #expect(!revocations.isRevoked(person, issued: now + 1))
        }
    }
}
