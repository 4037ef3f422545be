import EventLoop
import Logging
import WebWire
import XMPP

/// `/admin/api/…`: moderation for programs and for the page at `/admin/`, by staff tokens (`samepage token`).
///
/// A translation and nothing else: what is asked becomes the stanzas that any XMPP client would send, by the bearer's
/// address, and the rooms decide. So rights, log and undo are the same by every door.
@EventLoop
final class AdminAPI {
    /// Largest body, in bytes: a ban with its reason has a few hundred.
    static let maximumBody = 16 * 1_024

    private unowned let server: Server
    /// How fast each bearer may ask; as many as there are tokens.
    private var rates: [String: TokenBucket] = [:]

    init(server: Server) {
        self.server = server
    }

    /// - Parameter origin: The web origin that asks; nil for our own pages and for what is no browser.
    func answer(_ request: HTTPRequest, origin: String?) -> Routes.Outcome {
        guard let endpoint = AdminEndpoint(path: request.path) else {
            return .response(Self.refusal(.itemNotFound("There is nothing at this address.")))
        }
        let isReading = request.method == "GET" || request.method == "HEAD"
        guard isReading ? endpoint.isRead : request.method == "POST" && endpoint.isWritten else {
            var response = Self.refusal(.badRequest("This method does nothing here."), status: .methodNotAllowed)
            response.headers.set("Allow", endpoint.methods)
            return .response(response)
        }
        do throws(StanzaError) {
            let (token, claims) = try bearer(of: request, origin: origin)
            try limit(token.identity)
            guard !server.configuration.rooms.isRemote else {
                throw StanzaError(.featureNotImplemented, nil, "The rooms are another server's, and so is their order.")
            }
            guard isReading || Self.isJSON(request) else {
                return .response(
                    Self.refusal(.badRequest("Send application/json."), status: .unsupportedMediaType))
            }
            guard request.body.count <= Self.maximumBody else {
                return .response(
                    Self.refusal(.policyViolation("Send \(Self.maximumBody) bytes at most."), status: .contentTooLarge))
            }
            guard let query = QueryItems(request.query ?? "", limit: 16) else {
                throw .badRequest("Too many parameters.")
            }
            guard let person = JID(localpart: token.identity, domain: server.domain.domain) else {
                throw .jidMalformed()
            }
            let session = try server.router.desk.open(for: person, server.router)
            let call = AdminCall(
                endpoint: endpoint, isWriting: !isReading, query: query, body: request.body, token: token,
                claims: claims, session: session, sites: server.configuration.sites)
            return .later { [self] pending in
                Task { @EventLoop in
                    let response = await perform(call)
                    server.router.desk.close(session)
                    pending.answer(response)
                }
            }
        } catch {
            return .response(Self.refusal(error))
        }
    }

    private func perform(_ call: AdminCall) async -> HTTPResponse {
        do throws(StanzaError) {
            return Self.response(.ok, try await call.result(service: call.session.service))
        } catch {
            return Self.refusal(error)
        }
    }

    // MARK: - Who asks

    /// - Throws: `not-authorized` for whoever has no token of somebody with a role.
    private func bearer(of request: HTTPRequest, origin: String?) throws(StanzaError) -> (VisitorToken, StaffClaims) {
        let fields = request.headers.values("Authorization")
        guard fields.count == 1, let field = fields.first else {
            throw .notAuthorized("Authorization: Bearer and a token of samepage token.")
        }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw .notAuthorized("Authorization: Bearer and a token of samepage token.")
        }
        do throws(VisitorToken.Refusal) {
            let token = try server.identities.recognise(String(parts[1]), origin: origin, now: WallClock.now)
            guard let token, let claims = token.claims else {
                throw VisitorToken.Refusal.unreadable
            }
            return (token, claims)
        } catch {
            throw .notAuthorized(error.rawValue)
        }
    }

    /// - Throws: `policy-violation` for whoever asks too fast.
    private func limit(_ identity: String) throws(StanzaError) {
        let limits = server.configuration.limits
        if rates[identity] == nil, rates.count >= StaffRecords.capacity { rates = [:] }
        var bucket =
            rates[identity] ?? TokenBucket(rate: limits.adminRate, burst: limits.adminBurst, now: WallClock.now)
        let isAdmitted = bucket.take(now: WallClock.now)
        rates[identity] = bucket
        guard isAdmitted else { throw .policyViolation("Too many requests in a short time.") }
    }

    private static func isJSON(_ request: HTTPRequest) -> Bool {
        let type = request.headers.values("Content-Type").first ?? ""
        return type.prefix { $0 != ";" }.lowercased().trimmingBlanks() == "application/json"
    }

    // MARK: - Answers

    private static func response(_ status: HTTPStatus, _ content: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: JSON.encode(content))
    }

    /// `{"condition": "forbidden", "text": "…"}`: the condition of RFC 6120 §8.3.3, whoever refused.
    static func refusal(_ error: StanzaError, status: HTTPStatus? = nil) -> HTTPResponse {
        let status = status ?? self.status(of: error)
        var response = response(
            status,
            .object(["condition": .text(error.condition.rawValue), "text": error.text.map(JSONValue.text)]))
        switch status {
        case .unauthorized: response.headers.set("WWW-Authenticate", "Bearer realm=\"samepage\"")
        case .tooManyRequests: response.headers.set("Retry-After", "2")
        default: break
        }
        return response
    }

    private static func status(of error: StanzaError) -> HTTPStatus {
        switch error.condition {
        case .notAuthorized: .unauthorized
        case .forbidden, .notAllowed: .forbidden
        case .itemNotFound, .gone: .notFound
        case .conflict: HTTPStatus(409)
        case .policyViolation: .tooManyRequests
        case .resourceConstraint, .serviceUnavailable: .serviceUnavailable
        case .remoteServerTimeout: HTTPStatus(504)
        case .featureNotImplemented: .notImplemented
        case .internalServerError, .undefinedCondition: .internalServerError
        default: .badRequest
        }
    }
}

extension AdminCall {
    func result(service: JID) async throws(StanzaError) -> JSONValue {
        switch (endpoint, isWriting) {
        case (.me, _): me(service: service)
        case (.rooms, _): try await listRooms()
        case (.occupants, _): try await listOccupants()
        case (.messages, _): try await listMessages()
        case (.reports, false): try await listReports()
        case (.reports, true): try await settle()
        case (.held, false): try await listHeld()
        case (.held, true): try await review()
        case (.bans, false): try await listBans()
        case (.bans, true): try await ban()
        case (.lift, _): try await lift()
        case (.log, _): try await listActs()
        case (.undo, _): try await undo()
        case (.slowMode, _): try await setSlowMode()
        case (.kick, _): try await kick()
        case (.voice, _): try await setVoice()
        case (.retract, _): try await retract()
        }
    }
}
