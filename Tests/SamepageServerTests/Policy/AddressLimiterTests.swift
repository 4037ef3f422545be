import Testing

@testable import SamepageServer

struct AddressLimiterTests {
    private static func limits(
        sessions: Int = 100, new: Int = 30, seconds: Int = 10, addresses: Int = 1_000
    ) -> Limits {
        var limits = Limits()
        limits.sessionsPerAddress = sessions
        limits.newSessionsPerAddress = new
        limits.newSessionsWindow = .seconds(seconds)
        limits.trackedAddresses = addresses
        return limits
    }

    private static func address(_ number: UInt32) -> ClientAddress { .ip(.v4(number)) }

    @Test func anAddressHoldsOnlySoManySessions() {
        var limiter = AddressLimiter(limits: Self.limits(sessions: 3))
        for _ in 0..<3 { expectEqual(limiter.admit(Self.address(1), now: 0), .admitted) }
        expectEqual(limiter.admit(Self.address(1), now: 0), .tooManySessions)
        expectEqual(limiter.admit(Self.address(2), now: 0), .admitted)
        limiter.release(Self.address(1), now: 0)
        #expect(limiter.sessions(of: Self.address(1)) == 2)
        expectEqual(limiter.admit(Self.address(1), now: 0), .admitted)
    }

    @Test func anAddressOpensOnlySoManySessionsInAWindow() {
        var limiter = AddressLimiter(limits: Self.limits())
        for second in 0..<30 { expectEqual(limiter.admit(Self.address(1), now: Int64(second) * 300), .admitted) }
        expectEqual(limiter.admit(Self.address(1), now: 9_000), .tooFast(retryAfter: 1_000))
        expectEqual(limiter.admit(Self.address(1), now: 9_999), .tooFast(retryAfter: 1))
        expectEqual(limiter.admit(Self.address(1), now: 10_000), .admitted)
    }

    @Test func endedSessionsStillCountInTheirWindow() {
        var limiter = AddressLimiter(limits: Self.limits(new: 2))
        for _ in 0..<2 {
            expectEqual(limiter.admit(Self.address(1), now: 0), .admitted)
            limiter.release(Self.address(1), now: 0)
        }
        expectEqual(limiter.admit(Self.address(1), now: 1), .tooFast(retryAfter: 9_999))
    }

    @Test func refusedOnesDoNotCount() {
        var limiter = AddressLimiter(limits: Self.limits(new: 1))
        expectEqual(limiter.admit(Self.address(1), now: 0), .admitted)
        for now in 1..<Int64(100) { expectEqual(limiter.admit(Self.address(1), now: now) != .admitted, true) }
        expectEqual(limiter.admit(Self.address(1), now: 10_000), .admitted)
    }

    @Test func allOfAnIPv6NetworkIsOneClient() throws {
        var limiter = AddressLimiter(limits: Self.limits(sessions: 1))
        let first = try #require(ClientAddress("2001:db8:1:2::1"))
        let neighbour = try #require(ClientAddress("2001:db8:1:2:ffff::9"))
        let other = try #require(ClientAddress("2001:db8:1:3::1"))
        expectEqual(limiter.admit(first, now: 0), .admitted)
        expectEqual(limiter.admit(neighbour, now: 0), .tooManySessions)
        expectEqual(limiter.admit(other, now: 0), .admitted)
        let mapped = try #require(ClientAddress("::ffff:192.0.2.1"))
        let plain = try #require(ClientAddress("192.0.2.1"))
        expectEqual(limiter.admit(mapped, now: 0), .admitted)
        expectEqual(limiter.admit(plain, now: 0), .tooManySessions)
    }

    @Test func theTableIsBoundedAndHeals() {
        var limiter = AddressLimiter(limits: Self.limits(addresses: 2))
        expectEqual(limiter.admit(Self.address(1), now: 0), .admitted)
        expectEqual(limiter.admit(Self.address(2), now: 0), .admitted)
        expectEqual(limiter.admit(Self.address(3), now: 0), .tableFull)
        expectEqual(limiter.admit(Self.address(1), now: 0), .admitted)
        limiter.release(Self.address(2), now: 0)
        expectEqual(limiter.admit(Self.address(3), now: 9_000), .tableFull)
        expectEqual(limiter.admit(Self.address(3), now: 10_000), .admitted)
        #expect(limiter.count == 2)
    }

    @Test func anAddressIsForgottenAfterItsWindow() {
        var limiter = AddressLimiter(limits: Self.limits())
        _ = limiter.admit(Self.address(1), now: 0)
        _ = limiter.admit(Self.address(2), now: 0)
        limiter.release(Self.address(1), now: 5_000)
        limiter.expire(now: 9_999)
        #expect(limiter.count == 2)
        limiter.expire(now: 10_000)
        #expect(limiter.count == 1)
        limiter.release(Self.address(2), now: 20_000)
        #expect(limiter.count == 0)
    }

    @Test func aReleaseTooManyChangesNothing() {
        var limiter = AddressLimiter(limits: Self.limits())
        limiter.release(Self.address(1), now: 0)
        _ = limiter.admit(Self.address(1), now: 0)
        limiter.release(Self.address(1), now: 0)
        limiter.release(Self.address(1), now: 0)
        #expect(limiter.sessions(of: Self.address(1)) == 0)
    }

    @Test func withoutLimitsEverybodyIsAdmitted() {
        var limiter = AddressLimiter(limits: Self.limits(sessions: .max, new: .max))
        #expect((0..<1_000).allSatisfy { _ in limiter.admit(Self.address(1), now: 0) == .admitted })
    }
}
