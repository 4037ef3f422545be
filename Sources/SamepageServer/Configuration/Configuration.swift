/// Everything that an operator can set, with the defaults. `Setting.all` documents each key.
package struct Configuration: Hashable, Sendable {
    package var listen = ListenAddress.standard
    /// The XMPP domain of the visitors, in canonical form.
    package var domain = "localhost"
    /// The directory of everything that is kept.
    package var data = "./data"
    /// `https://host[:port]` without a final slash; nil: as each request's `Host` says.
    package var publicURL: String?
    /// The directory of the widget's files; nil: looked for.
    package var webRoot: String?
    package var rooms = Rooms()
    /// Bare JIDs.
    package var admins: [String] = []
    package var trustedProxies = TrustedProxies()
    package var limits = Limits()
    /// Nil: plain HTTP.
    package var tls: TLS? {
        guard let certificate = tlsCertificate, let key = tlsKey else { return nil }
        return TLS(certificate: certificate, key: key)
    }
    package var logLevel = LogLevel.info
    package var shutdownTimeout = Duration.seconds(5)
    package var sites = SiteList()
    /// The links to XMPP servers, one for each domain.
    package var components: [Component] = []
    package var contact = Contact()
    package var moderation = Moderation()

    var tlsCertificate: String?
    var tlsKey: String?

    /// The defaults.
    package init() {}

    /// Whether a link to an XMPP server carries rooms of ours.
    package var isServingRooms: Bool { components.contains { $0.serves == .rooms } }

    /// What browsers may talk to the server.
    package var originPolicy: OriginPolicy { OriginPolicy(sites: sites, publicURL: publicURL) }
}

extension Configuration {
    /// The MUC service.
    package struct Rooms: Hashable, Sendable {
        /// The service's domain.
        package var service = "rooms.localhost"
        /// Whether the service is somebody else's: it was named, a link carries the visitors there, and none carries rooms
        /// of ours.
        package var isRemote = false
        package var creation = Creation.pages
        /// Messages kept in memory for each room.
        package var history = 50
    }

    /// Who makes rooms.
    package enum Creation: String, CaseIterable, Sendable {
        /// Allowed pages have rooms; nothing else.
        case pages
        /// Anyone makes rooms by joining them.
        case anyone
        /// Only admins make rooms.
        case admins
    }

    /// Files in PEM format.
    package struct TLS: Hashable, Sendable {
        /// The path of the certificate chain.
        package var certificate: String
        /// The path of the private key.
        package var key: String
    }

    /// The least severe messages that are logged.
    package enum LogLevel: String, CaseIterable, Sendable {
        case trace
        case debug
        case info
        case notice
        case warning
        case error
        case critical
    }
}
