/// A web site whose pages have rooms here.
package struct Site: Hashable, Sendable {
    /// Canonical host names; `*.example.org` stands for every name below `example.org`, but not for itself.
    package var hosts: [String]
    /// Names of the query parameters that tell one page from another.
    package var query: [String]
    /// Whether the widget reports `<link rel=canonical>` instead of the page's own address.
    package var canonical: Bool
    /// The path of the picture of the site's rooms.
    package var icon: String?

    /// Makes a site of host names as people write them; they are brought to canonical form.
    ///
    /// - Throws: `PageAddressError` for the first host that is none.
    package init(
        hosts: [String], query: [String] = [], canonical: Bool = false, icon: String? = nil
    ) throws(PageAddressError) {
        var names: [String] = []
        for host in hosts { names.append(try Self.canonicalPattern(host)) }
        self.hosts = names
        self.query = query
        self.canonical = canonical
        self.icon = icon
    }

    /// Whether the site has the host, which must be in canonical form.
    package func contains(host: String) -> Bool {
        hosts.contains { pattern in
            guard pattern.hasPrefix("*.") else { return pattern == host }
            let suffix = pattern.dropFirst()
            return host.hasSuffix(suffix) && host.utf8.count > suffix.utf8.count
        }
    }

    /// The canonical form of `example.org`, `*.Example.org`, `[::1]` or `bücher.example`.
    static func canonicalPattern(_ text: String) throws(PageAddressError) -> String {
        guard text.hasPrefix("*.") else { return try PageHost.canonical(text) }
        let base = try PageHost.canonical(String(text.dropFirst(2)))
        guard PageHost.isName(base) else { throw .badHost(text) }
        return "*." + base
    }
}
