import Streams
import XMPP

/// The server's side of a history: a session, its clock, and what it has heard and said.
struct HistoryServer {
    private(set) var session: BOSHSession
    private(set) var now: Int64 = 0
    /// Messages for the client so far; their bodies are numbers from 0 on.
    private(set) var pushed = 0
    /// Messages of the client so far, likewise.
    private(set) var heard = 0
    /// What must not happen.
    private(set) var fault: String?
    /// Answers that have not left yet.
    private var answers: [Answer] = []

    struct Answer {
        let ticket: BOSHSession.Ticket
        let bytes: [UInt8]
        let time: Int64
    }

    init(_ request: BOSHRequest, limits: BOSHLimits) {
        session = BOSHSession(request, domain: Fixture.domain, limits: limits, now: 0)
    }

    mutating func receive(_ request: BOSHRequest, ticket: BOSHSession.Ticket) {
        perform(session.receive(request, ticket: ticket, now: now))
    }

    mutating func lose(_ ticket: BOSHSession.Ticket) { session.lost(ticket, now: now) }

    mutating func push() {
        let message = "<message xmlns='jabber:client'><body>\(pushed)</body></message>"
        pushed += 1
        perform(session.send(Array(message.utf8), now: now))
    }

    /// Time passes, with a stop at each deadline.
    mutating func pass(_ time: Int64) {
        let end = now + time
        while fault == nil, session.deadline <= end {
            now = max(now, session.deadline)
            perform(session.expire(now: now))
            if fault == nil, session.deadline <= now { fault = "the deadline passes and stays: a spin" }
        }
        now = end
    }

    /// The answers since the last call.
    mutating func takeAnswers() -> [Answer] {
        defer { answers.removeAll(keepingCapacity: true) }
        return answers
    }

    private mutating func perform(_ actions: [BOSHSession.Action]) {
        for action in actions {
            switch action {
            case .answer(let ticket, let body): answers.append(Answer(ticket: ticket, bytes: body, time: now))
            case .authenticate: perform(session.authenticated(as: Fixture.visitor, now: now))
            case .bind: perform(session.bound(to: Fixture.tab, now: now))
            case .route(let stanza):
                let body = stanza.child("body", Namespace.client)?.text ?? ""
                if body != String(heard) { fault = fault ?? "the server heard \(body) instead of \(heard)" }
                heard += 1
            case .end(let condition):
                fault = fault ?? "the session ended: \(condition?.rawValue ?? "left alone")"
            }
        }
    }
}
