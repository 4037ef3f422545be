/// Decides which web origins may talk to the server from a browser (RFC 6454 §7, RFC 6455 §10.2, Fetch's CORS).
package struct OriginPolicy: Hashable, Sendable {
    /// What to do with a request.
    package enum Judgement: Hashable, Sendable {
        /// Serve it; `echo` goes into `Access-Control-Allow-Origin`, with `Vary: Origin`. Nil when no browser asks
        /// for it.
        case allowed(echo: String?)
        /// Answer 403.
        case refused
    }

    private let sites: SiteList
    private let own: Authority?

    private struct Authority: Hashable, Sendable {
        let host: String
        let port: Int?
    }

    /// - Parameters:
    ///   - sites: The sites whose pages embed the widget.
    ///   - publicURL: The server's own address as browsers see it, if it is known.
    package init(sites: SiteList, publicURL: String? = nil) {
        self.sites = sites
        own = publicURL.flatMap { Self.authority($0) }
    }

    /// Judges a request by its `Origin`, and by its `Host` as to whether it comes from the server's own pages.
    ///
    /// A request without `Origin` comes from no browser's script and is allowed. `null` (sandboxed frames, files) says
    /// nothing about who asks and is refused, as is everything that is not the one origin of an http or https page.
    package func judge(origin: String?, requestHost: String?) -> Judgement {
        guard let origin else { return .allowed(echo: nil) }
        guard origin.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let asking = Self.authority(origin) else {
            return .refused
        }
        if sites.allows(host: asking.host) || asking == own { return .allowed(echo: origin) }
        return isOwn(asking, origin: origin, requestHost: requestHost) ? .allowed(echo: origin) : .refused
    }

    /// Whether an allowed origin is this server itself.
    package func isOwn(_ origin: String, requestHost: String?) -> Bool {
        guard let asking = Self.authority(origin) else { return false }
        return asking == own || isOwn(asking, origin: origin, requestHost: requestHost)
    }

    /// Whether the asking page came from this server under the name in `Host`.
    ///
    /// Once the public address is known, only that name counts and what no foreign name can be made to resolve to:
    /// otherwise DNS rebinding would give any page a matching `Host`.
    private func isOwn(_ asking: Authority, origin: String, requestHost: String?) -> Bool {
        guard let requestHost, let scheme = origin.split(separator: ":", maxSplits: 1).first,
            asking == Self.authority("\(scheme)://\(requestHost)")
        else { return false }
        return own == nil || asking.host == "localhost" || !PageHost.isName(asking.host)
    }

    /// The host and port of `scheme://host[:port]`, nil for anything with more or less than that.
    private static func authority(_ origin: String) -> Authority? {
        guard origin.utf8.count <= maximumLength, let url = try? PageURL(origin), url.isOrigin else { return nil }
        return Authority(host: url.host, port: url.port)
    }

    /// Longest origin looked at, in bytes: a host name has at most 253.
    private static let maximumLength = 300
}
