import MUC
import Streams
import XMPP

/// Makes, lists and revokes tokens with a role: what `samepage token` does, whether the server runs or not.
package struct StaffOffice {
    /// Why something cannot be done, in words for the operator.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// What is made for somebody.
    package struct Badge {
        package let record: StaffRecord
        package let token: String
        /// The bearer's bare JID.
        package let address: String
        /// Opened in a browser, it makes that browser the bearer's; nil while no page is known.
        package let link: String?
        /// The same for the moderators' page; nil while the server's address is not known.
        package let adminLink: String?
    }

    /// Days that a token may be good for.
    package static let days = 1...3_650

    /// The data directory, if no server has ever used it.
    package let unusedPath: String?

    private let configuration: Configuration
    private let signer: VisitorTokenSigner
    private let file: StaffFile

    /// Uses the data directory of the configuration, and makes it when it is missing.
    package init(_ configuration: Configuration) throws(Failure) {
        self.configuration = configuration
        do throws(DataDirectory.Failure) {
            let path = try DataDirectory.make(configuration.data)
            unusedPath = DataDirectory.hasKey(path) ? nil : path
            signer = VisitorTokenSigner(secret: try DataDirectory.key(path))
            file = StaffFile(data: path)
        } catch {
            throw Failure(description: error.description)
        }
    }

    /// - Parameters:
    ///   - site: A host as people write it; nil for all pages.
    ///   - page: The page that the link is to lead to; nil for one that is known.
    package func mint(
        _ role: StaffRole, nick: String, site: String?, page: String? = nil, days: Int, now: Int64 = WallClock.now
    ) throws(Failure) -> Badge {
        guard Self.days.contains(days) else {
            throw Failure(description: "a token is good for \(Self.days.lowerBound) to \(Self.days.upperBound) days")
        }
        let claims = StaffClaims(role: role, nick: try prepare(nick), site: try site.map(canonical))
        let base = try base(claims, page: page)
        let record = StaffRecord(
            identity: RandomID.visitor(), claims: claims, issued: now, expires: now + Int64(days) * 86_400_000)
        let token = signer.mint(
            VisitorToken(identity: record.identity, issued: now, expires: record.expires, claims: claims), origin: nil)
        guard token.utf8.count <= VisitorToken.maximumLength else {
            throw Failure(description: "the nick and the site are too long for one token")
        }
        try change(now) { records throws(StaffRecords.Failure) in
            try records.add(record, configuration.sites, now: now)
        }
        return Badge(
            record: record, token: token, address: "\(record.identity)@\(configuration.domain)",
            link: base.map { "\($0)#samepage=\(token)" },
            adminLink: configuration.rooms.isRemote
                ? nil : configuration.publicURL.map { "\($0)/admin/#samepage=\(token)" })
    }

    /// What has not expired, oldest first.
    package func list(now: Int64 = WallClock.now) throws(Failure) -> [StaffRecord] {
        do throws(DataDirectory.Failure) {
            var records = try file.read().records
            records.expire(now: now)
            return records.all
        } catch {
            throw Failure(description: error.description)
        }
    }

    /// Revokes the token whose id this is, or the beginning of whose id.
    package func revoke(_ id: String, now: Int64 = WallClock.now) throws(Failure) -> StaffRecord {
        try change(now) { records throws(StaffRecords.Failure) in try records.revoke(id, now: now) }
    }

    private func change<Outcome>(
        _ now: Int64, _ change: (inout StaffRecords) throws(StaffRecords.Failure) -> Outcome
    ) throws(Failure) -> Outcome {
        do throws(StaffRecords.Failure) {
            return try file.change(now: now, change)
        } catch {
            throw Failure(description: error.description)
        }
    }

    /// The nick as rooms will have it, so that it is the bearer's own there.
    private func prepare(_ nick: String) throws(Failure) -> String {
        let limits = MUCLimits(configuration)
        do throws(StanzaError) {
            let nick = try NickRules.prepare(nick, maximumLength: limits.nickLength)
            try NickRules.requirePortable(nick, limits)
            return nick
        } catch {
            throw Failure(description: error.text ?? "no room takes this nick")
        }
    }

    private func canonical(_ site: String) throws(Failure) -> String {
        guard let host = try? PageHost.canonical(site) else { throw Failure(description: "\(site) is no host") }
        guard configuration.sites.allows(host: host) else {
            throw Failure(description: "\(host) is not among the configured sites")
        }
        return host
    }

    // MARK: - The link

    /// The address of a page with the chat, without fragment.
    private func base(_ claims: StaffClaims, page: String?) throws(Failure) -> String? {
        if let page { return try checked(page, claims) }
        let only = configuration.sites.sites.count == 1 ? configuration.sites.sites.first?.hosts.first : nil
        if let host = claims.site ?? only, !host.hasPrefix("*") {
            let isPublic = PageHost.isName(host) && host != "localhost"
            return "\(isPublic ? "https" : "http")://\(host)/"
        }
        return configuration.publicURL.map { $0 + "/demo/" }
    }

    private func checked(_ page: String, _ claims: StaffClaims) throws(Failure) -> String {
        do throws(PageAddressError) {
            let address = try PageAddress.make(url: page, sites: configuration.sites)
            guard claims.cover(host: address.host, configuration.sites) else {
                throw PageAddressError.hostNotAllowed(address.host)
            }
            return String(page.prefix { $0 != "#" })
        } catch {
            throw Failure(description: error.description)
        }
    }
}
