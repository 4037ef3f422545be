/// What a token says of its bearer besides who that is.
package struct StaffClaims: Hashable, Sendable {
    package let role: StaffRole
    /// The name that is the bearer's own wherever the role counts.
    package let nick: String
    /// A host, in canonical form: the role counts on the pages of its site, and nowhere else. Nil: everywhere.
    package let site: String?

    package init(role: StaffRole, nick: String, site: String?) {
        self.role = role
        self.nick = nick
        self.site = site
    }

    /// Whether they count on the pages of a host. A site is what the configuration says it is now; a host that it does
    /// not know is a site of its own.
    func cover(host: String, _ sites: SiteList) -> Bool {
        guard let site else { return true }
        return site == host || sites.site(for: site)?.contains(host: host) == true
    }

    /// Whether the token is taken from a web origin. A client without one is no browser: it could name any, so nothing
    /// is gained by asking it for one.
    func admit(origin: String?, _ sites: SiteList) -> Bool {
        guard site != nil, let origin else { return true }
        guard let url = try? PageURL(origin), url.isOrigin else { return false }
        return cover(host: url.host, sites)
    }

    /// What two nicks have in common that people take for the same.
    static func fold(_ nick: String) -> String { nick.lowercased() }
}

/// In a token: three fields of it, of which none holds a point.
extension StaffClaims {
    /// Of `text`, as in a token.
    init?(fields: some RandomAccessCollection<Substring>) {
        let fields = Array(fields)
        guard fields.count == 3, let role = StaffRole(rawValue: String(fields[0])),
            let nick = Base64URL.decode(fields[2]).flatMap({ String(validating: $0, as: UTF8.self) }), !nick.isEmpty
        else { return nil }
        // No host has a tilde in it (`PageHost`), and every name has points.
        let site = String(fields[1]).replacing("~", with: ".")
        self.init(role: role, nick: nick, site: site.isEmpty ? nil : site)
    }

    var text: String {
        let site = site?.replacing(".", with: "~") ?? ""
        return "\(role.rawValue).\(site).\(Base64URL.encode(Array(nick.utf8)))"
    }
}
