import Streams
import Testing
import XMPP

/// Plays a client, the connections, and the server behind a BOSH session. Everybody may log in as `visitor@localhost`.
struct BOSHPlay {
    var session: BOSHSession
    private let parser = StreamParser(mode: .document, limits: XMLLimits())
    private(set) var now: Int64 = 0
    private var tickets = 0
    /// Answers that have reached the client, by ticket.
    private(set) var answers: [BOSHSession.Ticket: Element] = [:]
    private(set) var bytes: [BOSHSession.Ticket: [UInt8]] = [:]
    /// Tickets in the order in which they were answered.
    private(set) var order: [BOSHSession.Ticket] = []
    private(set) var routed: [Stanza] = []
    private(set) var ending: BOSHCondition??

    static let creation = "to='localhost' wait='60' hold='1' ver='1.6' xmpp:version='1.0'"

    /// Opens a session with this first request and processes it; its ticket is 1.
    init(rid: Int64 = 1, _ attributes: String = creation, payload: String = "", limits: BOSHLimits = BOSHLimits())
        throws
    {
        let request = try Self.request(rid: rid, attributes, payload)
        session = BOSHSession(request, domain: Fixture.domain, limits: limits, now: 0)
        tickets = 1
        perform(session.receive(request, ticket: 1, now: 0))
    }

    static func request(rid: Int64, _ attributes: String, _ payload: String) throws -> BOSHRequest {
        let text = """
            <body xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' rid='\(rid)' \(attributes)>\
            \(payload)</body>
            """
        return try BOSHRequest(
            StreamParser(mode: .document, limits: XMLLimits()).parseDocument(Array(text.utf8).span))
    }

    /// Sends a request of the session; returns its ticket.
    @discardableResult
    mutating func say(rid: Int64, _ attributes: String = "", _ payload: String = "") throws -> BOSHSession.Ticket {
        let request = try Self.request(rid: rid, "sid='\(session.sid)' \(attributes)", payload)
        tickets += 1
        perform(session.receive(request, ticket: tickets, now: now))
        return tickets
    }

    mutating func deliver(_ text: String) {
        let message = Element("message", Namespace.client, [Element("body", Namespace.client, text: text)])
        perform(session.send(message.serialized, now: now))
    }

    mutating func lose(_ ticket: BOSHSession.Ticket) { session.lost(ticket, now: now) }

    mutating func pass(_ time: Int64) {
        now += time
        perform(session.expire(now: now))
    }

    mutating func end(with error: StreamError) { perform(session.end(with: error, now: now)) }

    /// Goes through SASL and binding with rids from 2 on; the next free rid. Each request gets the attributes of `more`.
    mutating func logIn(_ more: () -> String = { "" }) throws -> Int64 {
        try say(rid: 2, more(), "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>")
        try say(rid: 3, "xmpp:restart='true' to='localhost' \(more())")
        try say(
            rid: 4, more(),
            "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        return 5
    }

    private mutating func perform(_ actions: [BOSHSession.Action]) {
        for action in actions {
            switch action {
            case .answer(let ticket, let body):
                #expect(answers[ticket] == nil, "ticket \(ticket) was answered twice")
                answers[ticket] = try? parser.parseDocument(body.span)
                bytes[ticket] = body
                order.append(ticket)
                #expect(answers[ticket] != nil, "no XML: \(String(decoding: body, as: UTF8.self))")
            case .authenticate: perform(session.authenticated(as: Fixture.visitor, now: now))
            case .bind(let resource):
                guard let jid = Fixture.visitor.with(resource: resource ?? "tab") else { continue }
                perform(session.bound(to: jid, now: now))
            case .route(let stanza): routed.append(stanza)
            case .end(let condition): ending = .some(condition)
            }
        }
    }

    func texts(_ ticket: BOSHSession.Ticket) -> [String] {
        answers[ticket]?.children.compactMap { $0.child("body", Namespace.client)?.text } ?? []
    }
}
