import EventLoop
import Streams
import WebWire
import XMPP

/// `POST /http-bind`: finds the session of a request, or makes one (XEP-0124 §7).
@EventLoop
final class BOSHService {
    private unowned let server: Server
    private let parser: StreamParser
    private let limits: BOSHLimits
    private var sessions: [String: BOSHClientSession] = [:]

    init(server: Server) {
        self.server = server
        let configured = server.configuration.limits
        var limits = XMLLimits(configured)
        limits.stanzaBytes = configured.httpBody
        // The body is a level, and an element, of its own.
        limits.depth += 1
        limits.elements += 1
        parser = StreamParser(mode: .document, limits: limits)
        self.limits = BOSHLimits(configured)
    }

    /// A request came; errors of the binding are answered with status 200 and a terminating body (§17.2).
    ///
    /// - Parameter origin: The web origin of the page that asks; that of the first request is the session's.
    func handle(_ request: HTTPRequest, from address: ClientAddress?, origin: String?, _ pending: PendingAnswer) {
        do {
            let body = try parser.parseDocument(request.body.span, allowsLeadingSpace: true)
            try handle(BOSHRequest(body), from: address, origin: origin, pending)
        } catch let condition as BOSHCondition {
            pending.answer(Self.response(BOSHBody.refusal(condition)))
        } catch {
            pending.answer(Self.response(BOSHBody.refusal(.badRequest)))
        }
    }

    private func handle(
        _ request: BOSHRequest, from address: ClientAddress?, origin: String?, _ pending: PendingAnswer
    ) throws(BOSHCondition) {
        if let sid = request.sid {
            guard let session = sessions[sid] else { throw .itemNotFound }
            return session.receive(request, pending)
        }
        guard server.admit(address) == nil else { throw .policyViolation }
        let session = BOSHClientSession(
            request, limits: limits, address: address, origin: origin, server: server, service: self)
        sessions[session.sid] = session
        session.receive(request, pending)
    }

    func ended(_ session: BOSHClientSession) {
        sessions[session.sid] = nil
        server.release(session.address)
    }

    func shutdown(_ error: StreamError) {
        for session in sessions.values { session.end(with: error) }
    }

    static func response(_ body: [UInt8], contentType: String = "text/xml; charset=utf-8") -> HTTPResponse {
        HTTPResponse(
            status: .ok, headers: ["Content-Type": contentType, "Cache-Control": "no-store"], body: body)
    }
}
