/// The proxies in front of the server whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
package struct TrustedProxies: Hashable, Sendable {
    /// The entries as configured, each an address, a CIDR block, or one of the names of `init(_:)`.
    package let entries: [String]
    private let blocks: [AddressBlock]
    private let trustsLocal: Bool

    /// Trusts nobody.
    package init() {
        entries = []
        blocks = []
        trustsLocal = false
    }

    /// Parses entries: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`, `loopback` (127.0.0.0/8 and ::1), `private` (the
    /// blocks of RFC 1918 and RFC 4193) or `unix` (Unix sockets). Nil when one of them is none of these.
    package init?(_ entries: [String]) {
        var blocks: [AddressBlock] = []
        var trustsLocal = false
        for entry in entries {
            if entry == "unix" {
                trustsLocal = true
            } else if let named = Self.names[entry] {
                blocks += named.compactMap { AddressBlock($0) }
            } else {
                guard let block = AddressBlock(entry) else { return nil }
                blocks.append(block)
            }
        }
        self.entries = entries
        self.blocks = blocks
        self.trustsLocal = trustsLocal
    }

    /// Whether the peer is one of the trusted proxies.
    package func trusts(_ peer: ClientAddress) -> Bool {
        switch peer {
        case .local: trustsLocal
        case .ip(let address): blocks.contains { $0.contains(address) }
        }
    }

    /// Finds out who the client of a request is.
    ///
    /// Each proxy appends the address it was called from, so the list is walked from the right and only as long as
    /// the reporting hop is trusted: everything to the left of the first untrusted address may be forged. An entry
    /// that is no address ends the walk at the hop that reported it.
    ///
    /// - Parameters:
    ///   - peer: The address at the other end of the connection.
    ///   - forwardedFor: The values of all `X-Forwarded-For` fields, in order.
    package func client(peer: ClientAddress, forwardedFor: [String]) -> ForwardedClient {
        guard !forwardedFor.isEmpty else { return ForwardedClient(address: peer, isUndeclaredProxy: false) }
        guard trusts(peer) else { return ForwardedClient(address: peer, isUndeclaredProxy: true) }
        var client = peer
        var hops = 0
        for field in forwardedFor.reversed() {
            for hop in field.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                hops += 1
                guard hops <= Self.maximumHops, let address = ClientAddress(hop), address != .local else {
                    return ForwardedClient(address: client, isUndeclaredProxy: false)
                }
                client = address
                guard trusts(address) else { return ForwardedClient(address: client, isUndeclaredProxy: false) }
            }
        }
        return ForwardedClient(address: client, isUndeclaredProxy: false)
    }

    /// The scheme that the client used, `http` or `https`, as the nearest proxy reports it in `X-Forwarded-Proto`;
    /// nil when the peer is no trusted proxy or says neither.
    package func forwardedProto(peer: ClientAddress, values: [String]) -> String? {
        guard trusts(peer), let last = values.last?.split(separator: ",", omittingEmptySubsequences: false).last
        else { return nil }
        let scheme = last.trimmingBlanks().lowercased()
        return scheme == "http" || scheme == "https" ? scheme : nil
    }

    /// Entries of `X-Forwarded-For` that are looked at; no chain of proxies is this long.
    package static let maximumHops = 32

    private static let names = [
        "loopback": ["127.0.0.0/8", "::1"],
        "private": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
    ]
}

/// Who a request comes from, as far as can be trusted.
package struct ForwardedClient: Hashable, Sendable {
    /// The first address, seen from here, that is no trusted proxy.
    package let address: ClientAddress
    /// Whether `X-Forwarded-For` came from a peer that is no trusted proxy: either somebody forges it, or everybody
    /// shares the proxy's limits until `trusted-proxies` names it. Worth one warning.
    package let isUndeclaredProxy: Bool
}
