/// Makes words of the networks that sessions come from: what bans of networks are made of.
///
/// A network is the /24 of an IPv4 address or the /56 of an IPv6 address (RFC 6177: what a household gets). The word is
/// a keyed code of it, so whoever reads the kept bans learns no address, and cannot find one by trying.
struct NetworkNames: Sendable {
    private let key: SecretKey

    /// - Parameter secret: The server's own; the words are made with a key derived from it, which makes nothing else.
    init(secret: SecretKey) {
        key = secret.derived(for: "network of a ban")
    }

    /// Nil for who has no address: a Unix socket, an XMPP user of another server.
    func name(of address: ClientAddress?) -> String? {
        guard case .ip(let ip) = address else { return nil }
        return switch ip.unmapped {
        case .v4(let value): code("4 \(value >> 8)")
        case .v6(let high, _): code("6 \(high >> 8)")
        }
    }

    private func code(_ text: String) -> String { key.authenticationCode(text, length: 16) }
}
