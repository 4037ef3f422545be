import EventLoop
import Streams
import WebWire
import XMPP

/// `POST /http-bind`: finds the session of a request, or makes one (XEP-0124 §7).
@EventLoop
final class BOSHService {
    /// Who sends a request, as far as HTTP tells.
    struct Client {
        var address: ClientAddress?
        /// Of the page, when the client is a browser. All requests of a session come from the same.
        var origin: String?
    }

    private unowned let server: Server
    private let parser: StreamParser
    private let limits: BOSHLimits
    private var sessions: [String: BOSHClientSession] = [:]

    var count: Int { sessions.count }

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
    func handle(_ request: HTTPRequest, from client: Client, _ pending: PendingAnswer) {
        do throws(BOSHCondition) {
            let body = try read(request)
            guard let sid = body["sid"] else { return try create(BOSHRequest(body), for: client, pending) }
            // A page of another origin learns no more than somebody who guesses, and does as little harm.
            guard let session = sessions[sid], session.client.origin == client.origin else { throw .itemNotFound }
            do throws(BOSHCondition) {
                try session.receive(BOSHRequest(body), pending)
            } catch {
                session.refuse(error, pending)
            }
        } catch {
            pending.answer(Self.response(BOSHBody.refusal(error)))
        }
    }

    private func read(_ request: HTTPRequest) throws(BOSHCondition) -> Element {
        do throws(StreamError) {
            return try parser.parseDocument(request.body.span, allowsLeadingSpace: true)
        } catch {
            throw error.condition == .policyViolation ? .policyViolation : .badRequest
        }
    }

    private func create(
        _ request: BOSHRequest, for client: Client, _ pending: PendingAnswer
    ) throws(BOSHCondition) {
        guard server.admit(client.address) == nil else { throw .policyViolation }
        let session = BOSHClientSession(request, limits: limits, client: client, server: server, service: self)
        sessions[session.sid] = session
        session.receive(request, pending)
    }

    func ended(_ session: BOSHClientSession) {
        sessions[session.sid] = nil
        server.release(session.client.address)
    }

    func shutdown(_ error: StreamError) {
        for session in sessions.values { session.end(with: error) }
    }

    static func response(_ body: [UInt8], contentType: String = usualType) -> HTTPResponse {
        var response = HTTPResponse(status: .ok, headers: headers, body: body)
        if contentType != usualType { response.headers.set("Content-Type", contentType) }
        return response
    }

    private nonisolated static let usualType = "text/xml; charset=utf-8"

    private static let headers: HTTPHeaders = [
        "Content-Type": usualType, "Cache-Control": "no-store",
        // A form of any page can post a body and have its answer shown as a page of ours, with the type it asks for
        // and what others have written: XHTML in a message would run.
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    ]

    // MARK: - The end of the turn

    /// Sessions with stanzas of this turn of the loop, which leave together: one timer for all of them.
    private var waiting: [BOSHClientSession] = []
    private let flushTimer = LoopTimer()

    /// At once, but after everything else of this turn: an answer carries all that there is.
    func flushSoon(_ session: BOSHClientSession) {
        waiting.append(session)
        guard waiting.count == 1 else { return }
        flushTimer.start(after: 0) { [weak self] in self?.flushWaiting() }
    }

    private func flushWaiting() {
        let sessions = waiting
        waiting = []
        for session in sessions { session.flush() }
    }
}
