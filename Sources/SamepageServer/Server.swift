import EventLoop
import Foundation
import Logging
import MUC
import WebWire
import XMPP

/// The whole server: what is listened on, who is connected, and how it ends.
@EventLoop
package final class Server {
    /// Why the server cannot start, in words for the operator.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package nonisolated static let version = "0.1.0"
    package nonisolated static var versionText: String { "samepage \(version)" }

    let configuration: Configuration
    let logger: Logger
    let domain: JID
    let visitors: VisitorRegistry
    let identities: Identities
    let resumables: ResumableSessions
    let rooms: MUCService
    let router: Router
    /// Nil: rooms live in memory alone, or are not ours.
    let archive: ArchiveKeeper?
    /// One for all frames of all connections: they are parsed one after the other.
    let parser: StreamParser
    var metrics = Metrics()
    private(set) var isStopping = false
    private var hasSaidGoodbye = false

    private(set) lazy var routes = Routes(server: self, files: files)
    private(set) lazy var bosh = BOSHService(server: self)
    var assetPath: String { files.assetPath }

    private let files: StaticFiles
    private let data: DataDirectory
    let networks: NetworkNames
    private let moderation: any ModerationStore
    private var listener: Listener?
    private var metricsListener: Listener?
    private var addresses: AddressLimiter
    private var sessions: [ObjectIdentifier: (session: WebSocketSession, address: ClientAddress?)] = [:]
    private let housekeeping = LoopTimer()
    private let staffTimer = LoopTimer()
    private let crowdTimer = LoopTimer()
    private let shutdownTimer = LoopTimer()
    let remoteRoomsTimer = LoopTimer()

    /// How often tables of what has expired are swept, in milliseconds.
    private static let housekeepingInterval: Int64 = 60_000
    /// How often those who want to know are told how many are in their room, in milliseconds.
    private static let crowdInterval: Int64 = 3_000

    package init(configuration: Configuration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        guard let domain = JID(configuration.domain), let service = JID(configuration.rooms.service),
            domain.isDomain, service.isDomain, domain != service
        else {
            throw Failure(description: "domain and rooms.service must be two different domain names")
        }
        guard let root = WebRoot.find(configured: configuration.webRoot) else {
            throw Failure(description: "cannot find the widget's files: name their directory with --web-root")
        }
        self.domain = domain
        files = try StaticFiles(directory: root)
        data = try DataDirectory(path: configuration.data)
        identities = try Identities(configuration: configuration, data: data, logger: logger)
        networks = NetworkNames(secret: data.key)
        visitors = VisitorRegistry(domain: domain, limits: configuration.limits)
        resumables = ResumableSessions(limits: configuration.limits)
        let contacts = ContactForm(contact: configuration.contact).element
        var settings = MUCSettings(
            service: service, name: "Page rooms", admins: Set(configuration.admins.compactMap(JID.init)),
            limits: MUCLimits(configuration), features: ServerQueries.features)
        settings.filter = configuration.moderation.filter
        settings.staffRoom = configuration.moderation.staffRoom.flatMap(JID.init)
        settings.information = contacts.map { [$0] } ?? []
        archive = try Self.makeArchive(configuration, directory: data.path, logger: logger, &settings)
        moderation = Self.makeModeration(configuration, directory: data.path, archive, logger: logger)
        let policy = PageRoomPolicy(
            creation: configuration.rooms.creation, sites: configuration.sites, staff: identities.staff.members,
            key: data.key, visitors: domain.domain, admins: settings.admins,
            hatTitles: configuration.moderation.hatTitles, icons: try RoomIcons(configuration))
        rooms = MUCService(settings: settings, policy: policy)
        router = Router(
            Router.Settings(
                domain: domain, service: service, hostsRooms: !configuration.rooms.isRemote,
                limits: configuration.limits, logger: logger),
            visitors: visitors, rooms: rooms,
            queries: ServerQueries(
                version: Self.version, services: [service], contacts: contacts, url: configuration.publicURL),
            remoteRooms: Self.makeRemoteRooms(configuration, policy: policy))
        parser = StreamParser(mode: .document, limits: XMLLimits(configuration.limits))
        addresses = AddressLimiter(limits: configuration.limits)
        try startModeration(moderation)
    }

    /// Begins to accept connections.
    package func start() throws {
        let listen = configuration.listen
        let tls = configuration.tls.map { Listener.TLS(certificate: $0.certificate, key: $0.key) }
        let listener = try Listener(
            host: listen.address.map { "\($0)" } ?? "", port: listen.port, tls: tls,
            queueLimit: configuration.limits.sendQueue, maximumConnections: configuration.limits.connections
        ) { [unowned self] connection in
            guard !isStopping else { return connection.abort() }
            connection.own(HTTPConnection(connection: connection, server: self, routes: routes))
        }
        self.listener = listener
        try startMetrics()
        housekeeping.start(after: Self.housekeepingInterval, every: Self.housekeepingInterval) { [unowned self] in
            addresses.expire(now: WallClock.now)
            identities.expire(now: WallClock.now)
            router.deliver(rooms.advance(now: WallClock.now))
        }
        crowdTimer.start(after: Self.crowdInterval, every: Self.crowdInterval) { [unowned self] in
            router.deliver(rooms.tellCrowds())
        }
        router.archive = archive
        archive?.start(router)
        identities.staff.ended = { [unowned self] in endSessions(of: $0) }
        staffTimer.start(after: StaffRegister.interval, every: StaffRegister.interval) { [unowned self] in
            identities.staff.refresh(now: WallClock.now)
        }
        startLinks()
        logger.notice("listening", metadata: ["port": "\(listener.port)", "data": "\(data.path)"])
    }

    /// A listener of its own: what operators see is not for those who chat.
    private func startMetrics() throws {
        guard let listen = configuration.metricsListen else { return }
        EventLoop.measure()
        let metricsRoutes = MetricsRoutes(server: self)
        metricsListener = try Listener(
            host: listen.address.map { "\($0)" } ?? "", port: listen.port,
            queueLimit: configuration.limits.sendQueue
        ) { [unowned self] connection in
            connection.own(HTTPConnection(connection: connection, server: self, routes: metricsRoutes))
        }
        logger.notice("metrics", metadata: ["port": "\(metricsListener?.port ?? 0)"])
    }

    /// For a person who just started the server: where the demo is, what to paste, where the data is.
    package var welcome: String {
        let base = configuration.publicURL ?? localURL
        return """
            Demo  \(base)/demo/
            Tag   <script async src="\(base)/embed.js"></script>
            Data  \(data.path)
            """
    }

    private var localURL: String {
        let scheme = configuration.tls == nil ? "http" : "https"
        let isLocal = configuration.listen.address?.isLoopback ?? true
        let host = isLocal ? "localhost" : configuration.listen.address.map { "\($0)" } ?? "localhost"
        return "\(scheme)://\(host):\(listener?.port ?? configuration.listen.port)"
    }

    // MARK: - Sessions

    /// Counts a new session of this address; the answer if it may not have one.
    func admit(_ address: ClientAddress?) -> HTTPResponse? {
        guard !isStopping else { return HTTPResponse(status: .serviceUnavailable, text: "The server is stopping.") }
        guard let address else { return nil }
        let retryAfter: Int64
        switch addresses.admit(address, now: WallClock.now) {
        case .admitted: return nil
        case .tooFast(let time): retryAfter = time
        case .tooManySessions, .tableFull: retryAfter = 60_000
        }
        metrics.refusedSessions += 1
        return HTTPResponse(
            status: .tooManyRequests, text: "Too many chat sessions from this address.",
            headers: ["Retry-After": "\(max(1, retryAfter / 1_000))"])
    }

    func startSession(
        on connection: Connection, from address: ClientAddress?, origin: String?
    ) -> WebSocketSession {
        let session = WebSocketSession(connection: connection, address: address, origin: origin, server: self)
        sessions[ObjectIdentifier(session)] = (session, address)
        connection.own(session)
        return session
    }

    /// Connections that speak XMPP over WebSocket.
    var webSocketCount: Int { sessions.count }

    /// Where a connection comes from.
    func address(of session: WebSocketSession) -> ClientAddress? { sessions[ObjectIdentifier(session)]?.address }

    func sessionClosed(_ session: WebSocketSession) {
        if let entry = sessions.removeValue(forKey: ObjectIdentifier(session)) { release(entry.address) }
        stopIfDone()
    }

    /// A session of this address is gone; `admit` had counted it.
    func release(_ address: ClientAddress?) {
        if let address { addresses.release(address, now: WallClock.now) }
    }

    /// Ends all sessions of visitors who live by a token that is worth nothing any more.
    private func endSessions(of localparts: [String]) {
        for localpart in localparts {
            guard let person = JID(localpart: localpart, domain: domain.domain) else { continue }
            for session in visitors.visitor(person)?.sessions ?? [] {
                visitors.session(session)?.end(
                    with: StreamError(.notAuthorized, "The token of this session has ended."))
            }
        }
    }

    /// HTTP answers that have not left for the kernel.
    var answersInFlight = 0 {
        didSet { if answersInFlight == 0 { stopIfDone() } }
    }

    /// Whether nobody is left to be told anything.
    private var isQuiet: Bool { sessions.isEmpty && router.links.isEmpty && answersInFlight == 0 }

    /// Ends the loop when everybody has been told goodbye.
    func stopIfDone() {
        if hasSaidGoodbye && isQuiet { EventLoop.stop() }
    }

    // MARK: - The end

    /// Tells everybody, lets the queues drain, and stops the loop, after `shutdown-timeout` in any case.
    package func stop() {
        guard !isStopping else { return EventLoop.stop() }
        isStopping = true
        logger.notice("stopping", metadata: ["sessions": "\(sessions.count)"])
        guard let archive else { return sayGoodbye() }
        // What was said before is reflected, and then come the goodbyes; a disk that hangs must not hold them up for long.
        archive.whenWritten(within: min(configuration.shutdownTimeout.milliseconds, 2_000)) { [unowned self] in
            sayGoodbye()
        }
    }

    private func sayGoodbye() {
        router.deliver(rooms.shutdown(now: WallClock.now))
        for (session, _) in sessions.values {
            session.end(with: StreamError(.systemShutdown, "The server is stopping and will be back."))
        }
        bosh.shutdown(StreamError(.systemShutdown, "The server is stopping and will be back."))
        resumables.shutdown()
        // What the sessions' ends had to say to other servers is in the links' queues by now.
        stopLinks()
        moderation.flush()
        hasSaidGoodbye = true
        guard !isQuiet else { return EventLoop.stop() }
        shutdownTimer.start(after: configuration.shutdownTimeout.milliseconds) { EventLoop.stop() }
    }
}
