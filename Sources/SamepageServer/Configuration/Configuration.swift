import MUC

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
    package var visitors = Visitors()
    /// Bare JIDs.
    package var admins: [String] = []
    package var trustedProxies = TrustedProxies()
    package var limits = Limits()
    /// Nil: plain HTTP.
    package var tls: TLS? {
        guard let certificate = tlsCertificate, let key = tlsKey else { return nil }
        return TLS(certificate: certificate, key: key)
    }
    /// Where `/metrics` is served; nil: nowhere.
    package var metricsListen: ListenAddress?
    package var logLevel = LogLevel.info
    package var shutdownTimeout = Duration.seconds(5)
    package var sites = SiteList()
    /// The links to XMPP servers, one for each domain.
    package var components: [Component] = []
    package var contact = Contact()
    package var archive = Archive()
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
        /// The path of the picture of rooms whose site has none of its own.
        package var icon: String?
        /// Messages kept in memory for each room.
        package var history = 50
        package var quietAbove = MUCLimits().quietAbove
    }

    /// People without an account.
    package struct Visitors: Hashable, Sendable {
        /// How long a browser that does not come back is remembered.
        package var tokenLifetime = Duration.seconds(90 * 86_400)
    }

    /// What is kept of rooms that are ours.
    package struct Archive: Hashable, Sendable {
        package var storage = Storage.disk
        package var readers = Readers.occupants
        /// Zero: for ever.
        package var maxAge = Duration.zero
        /// 0: as many as there are.
        package var maxMessagesPerRoom = 100_000
        /// 0: as many as there are.
        package var maxMessages = 2_000_000
        /// Messages in one answer.
        package var pageSize = MUCLimits().archivePage
    }

    /// Where rooms are kept.
    package enum Storage: String, CaseIterable, Sendable {
        /// In a database in the data directory.
        case disk
        /// Nowhere but in memory: all is gone when the process ends.
        case memory
    }

    /// Who reads what was said in an open room.
    package enum Readers: String, CaseIterable, Sendable {
        /// Who is inside, and members.
        case occupants
        /// Whoever may enter, without entering.
        case anyone
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
