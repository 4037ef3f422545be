/// A range of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3).
package struct AddressBlock: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    private let prefixLength: Int
    private let isV4: Bool

    /// Parses `192.0.2.0/24`, `2001:db8::/32` or a single address. Bits below the prefix are ignored.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first)?.unmapped else { return nil }
        let width = if case .v4 = address { 32 } else { 128 }
        var length = width
        if parts.count == 2 {
            guard let digits = parts.last, (1...3).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ ASCII.digit($0) != nil }), let number = Int(digits), number <= width
            else { return nil }
            length = number
        }
        (high, low) = Self.bits(address)
        prefixLength = length
        isV4 = width == 32
    }

    /// Whether the address lies in the block; an IPv4-mapped IPv6 address counts as IPv4.
    package func contains(_ address: IPAddress) -> Bool {
        let plain = address.unmapped
        if case .v4 = plain, !isV4 { return false }
        if case .v6 = plain, isV4 { return false }
        let (otherHigh, otherLow) = Self.bits(plain)
        return (high ^ otherHigh) & Self.mask(prefixLength) == 0
            && (low ^ otherLow) & Self.mask(prefixLength - 64) == 0
    }

    /// The address left-aligned in 128 bits, so that one comparison serves both kinds.
    private static func bits(_ address: IPAddress) -> (UInt64, UInt64) {
        switch address {
        case .v4(let value): (UInt64(value) << 32, 0)
        case .v6(let high, let low): (high, low)
        }
    }

    private static func mask(_ length: Int) -> UInt64 {
        length <= 0 ? 0 : UInt64.max << UInt64(max(0, 64 - length))
    }
}
