/// Where a client is: what limits are counted by.
package enum ClientAddress: Hashable, Sendable {
    case ip(IPAddress)
    /// A Unix socket, or anything else without an IP address.
    case local

    /// Parses the text of a peer address: `192.0.2.1`, `2001:db8::1`, `[2001:db8::1]`, each with or without a port;
    /// `unix` and `unix:PATH` are a Unix socket. Nil for anything else.
    package init?(_ text: some StringProtocol) {
        let text = text.trimmingBlanks()
        if text == "unix" || text.hasPrefix("unix:") {
            self = .local
        } else if let address = IPAddress(text) {
            self = .ip(address.unmapped)
        } else if let address = Self.withPort(text) {
            self = .ip(address.unmapped)
        } else {
            return nil
        }
    }

    /// What sessions are counted by: the IPv4 address, the /64 of an IPv6 address (a single subscriber has at least
    /// that much), or the one entry for Unix sockets.
    package var key: Key {
        switch self {
        case .local: .local
        case .ip(let address):
            switch address.unmapped {
            case .v4(let value): .v4(value)
            case .v6(let high, _): .v6(high)
            }
        }
    }

    /// The unit that address limits count by.
    package enum Key: Hashable, Sendable {
        case v4(UInt32)
        /// The upper 64 bits of an IPv6 address.
        case v6(UInt64)
        case local
    }

    private static func withPort(_ text: Substring) -> IPAddress? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let inside = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard inside.contains(":"), rest.isEmpty || isPort(rest) else { return nil }
            return IPAddress(inside)
        }
        guard let colon = text.firstIndex(of: ":"), isPort(text[colon...]) else { return nil }
        return IPAddress(text[..<colon])
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && (2...6).contains(text.utf8.count)
            && text.utf8.dropFirst().allSatisfy { ASCII.digit($0) != nil }
    }
}
