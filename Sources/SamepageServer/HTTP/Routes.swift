import EventLoop
import Logging
import WebWire
import XMPP

/// What a listener answers.
@EventLoop
protocol HTTPRoutes: AnyObject {
    func answer(_ request: HTTPRequest, from peer: String) -> Routes.Outcome
}

/// What each path of the HTTP server answers.
@EventLoop
final class Routes: HTTPRoutes {
    enum Outcome {
        case response(HTTPResponse)
        /// Begin this; it answers when it has something to say.
        case later((PendingAnswer) -> Void)
        /// Send the 101, then speak XMPP over WebSocket with whoever is behind this address, on a page of this origin.
        case upgrade(HTTPResponse, from: ClientAddress?, origin: String?)
    }

    /// RFC 7395 leaves the path open; this is the one that Prosody and the clients know.
    nonisolated static let webSocketPath = "/xmpp-websocket"
    /// XEP-0124 §4 likewise.
    nonisolated static let boshPath = "/http-bind"
    private static let readMethods = "GET, HEAD, OPTIONS"
    private static let boshMethods = "POST, " + readMethods
    /// Methods of RFC 9110 §9.3 and RFC 5789: known, though not all of them allowed.
    private static let knownMethods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ]

    private unowned let server: Server
    private let files: StaticFiles
    private let origins: OriginPolicy
    private let admin: AdminAPI
    private var hasWarnedOfProxy = false

    init(server: Server, files: StaticFiles) {
        self.server = server
        self.files = files
        origins = server.configuration.originPolicy
        admin = AdminAPI(server: server)
    }

    func answer(_ request: HTTPRequest, from peer: String) -> Outcome {
        guard Self.knownMethods.contains(request.method) else {
            return .response(HTTPResponse(status: .notImplemented, text: "This method is not known here."))
        }
        let origin =
            request.headers.contains("Origin") ? request.headers.values("Origin").joined(separator: ", ") : nil
        let judgement = origins.judge(origin: origin, requestHost: request.host?.description)
        if request.path == Self.webSocketPath && WebSocketHandshake.isUpgrade(request) {
            return upgrade(request, judgement, peer: peer)
        }
        if request.path == Self.boshPath && request.method == "POST" { return bind(request, judgement, peer: peer) }
        if request.path.hasPrefix(AdminEndpoint.prefix), request.method != "OPTIONS" {
            return administer(request, judgement)
        }
        let methods =
            request.path == Self.boshPath
            ? Self.boshMethods : AdminEndpoint(path: request.path)?.methods ?? Self.readMethods
        var response: HTTPResponse
        switch request.method {
        case "GET", "HEAD": response = read(request, peer: peer)
        case "OPTIONS": response = HTTPResponse(status: .noContent, headers: ["Allow": methods])
        default:
            response = HTTPResponse(
                status: .methodNotAllowed, text: "This path can only be read.", headers: ["Allow": methods])
        }
        allow(
            judgement, preflight: request.method == "OPTIONS" ? methods : nil,
            headers: AdminEndpoint(path: request.path) == nil ? "Content-Type" : "Authorization, Content-Type",
            in: &response)
        return .response(response)
    }

    /// XEP-0124: a request that may be held.
    private func bind(_ request: HTTPRequest, _ judgement: OriginPolicy.Judgement, peer: String) -> Outcome {
        guard case .allowed(let origin) = judgement else { return .response(Self.originRefusal) }
        let client = BOSHService.Client(address: clientAddress(of: request, peer: peer), origin: origin)
        return .later { [self] pending in
            pending.amend = { [weak self] in self?.allow(judgement, preflight: nil, in: &$0) }
            server.bosh.handle(request, from: client, pending)
        }
    }

    /// Moderation: for our own pages, those of the sites, and what is no browser. A site's page needs a token for that site;
    /// ours may take any.
    private func administer(_ request: HTTPRequest, _ judgement: OriginPolicy.Judgement) -> Outcome {
        guard case .allowed(let origin) = judgement else {
            var refusal = AdminAPI.refusal(.forbidden("Pages of this origin may not moderate here."))
            allow(judgement, preflight: nil, in: &refusal)
            return .response(refusal)
        }
        let isOwn = origin.map { origins.isOwn($0, requestHost: request.host?.description) } ?? true
        switch admin.answer(request, origin: isOwn ? nil : origin) {
        case .response(var response):
            allow(judgement, preflight: nil, in: &response)
            return .response(response)
        case .later(let begin):
            return .later { [self] pending in
                pending.amend = { [weak self] in self?.allow(judgement, preflight: nil, in: &$0) }
                begin(pending)
            }
        case .upgrade: return .response(HTTPResponse(status: .internalServerError))
        }
    }

    private static let originRefusal = HTTPResponse(
        status: .forbidden, text: "Pages of this origin may not chat here. The sites in the server's configuration may."
    )

    /// CORS (Fetch Standard §3.2): the one origin that asked, never `*`, and nothing that cookies could authenticate.
    private func allow(
        _ judgement: OriginPolicy.Judgement, preflight methods: String?, headers: String = "Content-Type",
        in response: inout HTTPResponse
    ) {
        response.headers.add("Vary", "Origin")
        guard case .allowed(let origin?) = judgement else { return }
        response.headers.add("Access-Control-Allow-Origin", origin)
        if let methods {
            response.headers.add("Access-Control-Allow-Methods", methods)
            response.headers.add("Access-Control-Allow-Headers", headers)
            response.headers.add("Access-Control-Max-Age", "86400")
        }
    }

    private func read(_ request: HTTPRequest, peer: String) -> HTTPResponse {
        switch request.path {
        case "/rooms":
            return RoomsEndpoint(server: server).answer(request, base: base(of: request, peer: peer))
        case "/.well-known/host-meta", "/.well-known/host-meta.json":
            return HostMeta(base: base(of: request, peer: peer)).answer(isJSON: request.path.hasSuffix(".json"))
        case "/healthz": return HTTPResponse(status: .ok, text: "ok\n")
        case "/readyz": return Readiness(server: server).answer(request, peer: peer)
        case Self.webSocketPath:
            return HTTPResponse(
                status: .upgradeRequired, text: "This address speaks XMPP over WebSocket (RFC 7395).",
                headers: ["Upgrade": "websocket"])
        default: return files.answer(request)
        }
    }

    // MARK: - WebSocket

    private func upgrade(_ request: HTTPRequest, _ judgement: OriginPolicy.Judgement, peer: String) -> Outcome {
        guard case .allowed(let origin) = judgement else { return .response(Self.originRefusal) }
        switch WebSocketHandshake.respond(to: request, subprotocol: "xmpp") {
        case .refuse(let response): return .response(response)
        case .accept(let response):
            let address = clientAddress(of: request, peer: peer)
            if let refusal = server.admit(address) { return .response(refusal) }
            return .upgrade(response, from: address, origin: origin)
        }
    }

    private func clientAddress(of request: HTTPRequest, peer: String) -> ClientAddress? {
        guard let peer = ClientAddress(peer) else { return nil }
        let client = server.configuration.trustedProxies.client(
            peer: peer, forwardedFor: request.headers.values("X-Forwarded-For"))
        if client.isUndeclaredProxy && !hasWarnedOfProxy {
            hasWarnedOfProxy = true
            server.logger.warning(
                """
                X-Forwarded-For came from a peer that is no trusted proxy and was ignored, so all its visitors count \
                as one address. If it is your proxy, name it in trusted-proxies.
                """)
        }
        return client.address
    }

    /// Where clients reach us: as configured, else as this request did.
    private func base(of request: HTTPRequest, peer: String) -> PublicBase {
        if let url = server.configuration.publicURL, let base = PublicBase(url: url) { return base }
        let forwarded = ClientAddress(peer).flatMap {
            server.configuration.trustedProxies.forwardedProto(
                peer: $0, values: request.headers.values("X-Forwarded-Proto"))
        }
        let isSecure = forwarded.map { $0 == "https" } ?? (server.configuration.tls != nil)
        return PublicBase(isSecure: isSecure, authority: request.host?.description ?? server.domain.description)
    }
}
