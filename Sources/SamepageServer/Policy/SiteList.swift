/// The sites that the server serves. An empty list means: any page, from any origin.
package struct SiteList: Hashable, Sendable {
    /// In the order of the configuration; the first site that has a host decides for it.
    package var sites: [Site]

    /// No sites: everything is allowed.
    package init(_ sites: [Site] = []) {
        self.sites = sites
    }

    /// Whether no site is named, and so every page is allowed.
    package var isEmpty: Bool { sites.isEmpty }

    /// Whether pages of the host, in canonical form, have rooms here.
    package func allows(host: String) -> Bool {
        isEmpty || site(for: host) != nil
    }

    /// The site that has the host, in canonical form.
    package func site(for host: String) -> Site? {
        sites.first { $0.contains(host: host) }
    }
}
