/// What texts of single settings must be, beyond their kind. Each throws what is allowed instead.
enum SettingParsers {
    static func listen(_ text: String) throws(InvalidValue) -> ListenAddress {
        guard let address = ListenAddress(text) else { throw InvalidValue("must be \(SettingKind.address.allowed)") }
        return address
    }

    static func any(_ text: String) throws(InvalidValue) -> String { text }

    static func anyOptional(_ text: String) throws(InvalidValue) -> String? { text }

    static func domain(_ text: String) throws(InvalidValue) -> String {
        guard let host = try? PageHost.canonical(text), PageHost.isName(host) else {
            throw InvalidValue("must be a domain name such as example.org, not \(text.debugDescription)")
        }
        return host
    }

    /// A name or an address to connect to; an IPv6 address without brackets.
    static func host(_ text: String) throws(InvalidValue) -> String {
        if let address = IPAddress(text) { return "\(address)" }
        guard let host = try? PageHost.canonical(text) else {
            throw InvalidValue("must be a host name or an address, not \(text.debugDescription)")
        }
        return host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    /// Addresses of XEP-0157.
    static func contacts(_ items: [String]) throws(InvalidValue) -> [String] {
        for item in items {
            let schemes = ["xmpp:", "mailto:", "https://", "http://"]
            let isURI = item.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
            guard isURI, schemes.contains(where: { item.hasPrefix($0) && item.count > $0.count }) else {
                throw InvalidValue(
                    "must be a list of URIs such as mailto:admin@example.org or xmpp:admin@example.org, not "
                        + item.debugDescription)
            }
        }
        return items
    }

    static func publicURL(_ text: String) throws(InvalidValue) -> String? {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = try? PageURL(trimmed), url.isOrigin else {
            throw InvalidValue("must be http:// or https:// with a host and perhaps a port, and no path")
        }
        return "\(url.scheme)://\(url.host)" + (url.port.map { ":\($0)" } ?? "")
    }

    static func admins(_ items: [String]) throws(InvalidValue) -> [String] {
        var admins: [String] = []
        for item in items {
            let parts = item.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(where: { " \"&'/:<>".contains($0) }),
                let host = try? PageHost.canonical(String(parts[1]))
            else { throw InvalidValue("must be a list of JIDs such as ann@example.org, not \(item.debugDescription)") }
            admins.append("\(parts[0].lowercased())@\(host)")
        }
        return admins
    }

    static func proxies(_ items: [String]) throws(InvalidValue) -> TrustedProxies {
        for item in items where TrustedProxies([item]) == nil {
            throw InvalidValue(
                "must be a list of addresses, blocks such as 10.0.0.0/8, loopback, private or unix, not "
                    + item.debugDescription)
        }
        return TrustedProxies(items) ?? TrustedProxies()
    }
}
