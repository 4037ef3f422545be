import XMPP

/// A session of XMPP over BOSH (XEP-0124, XEP-0206): requests and the time go in, answers come out.
///
/// Every request that was processed is *open* until it is answered. Answers go out in the order of the rids. At most
/// `hold` requests stay open; a further one releases the oldest. What a request was answered is kept until the window
/// has moved past it, so that a client that lost the answer gets the very same bytes for the same rid, and nothing is
/// executed twice.
///
/// The caller answers `.authenticate` and `.bind` at once, as with `ClientStream`, and calls `expire` at `deadline`.
package struct BOSHSession: Sendable {
    /// One HTTP request that waits for its answer, in the caller's counting.
    package typealias Ticket = Int

    package enum Action: Hashable, Sendable {
        /// Answer this HTTP request with status 200 and this body.
        case answer(Ticket, [UInt8])
        /// See `ClientStream.Action.authenticate`.
        case authenticate(ClientStream.Credentials)
        /// See `ClientStream.Action.bind`.
        case bind(resource: String?)
        case route(Stanza)
        /// The session is over; every ticket has been answered.
        case end(BOSHCondition?)

        /// Whether nothing more is read before the caller has answered.
        var isQuestion: Bool {
            switch self {
            case .authenticate, .bind: true
            case .answer, .route, .end: false
            }
        }
    }

    /// A request that was processed and is not answered yet. Its ticket is nil when the connection broke meanwhile.
    struct Open: Sendable {
        let rid: Int64
        let key: String?
        var ticket: Ticket?
        /// When it must be answered at the latest.
        let deadline: Int64
    }

    /// A request that came before its turn.
    struct Early: Sendable {
        let request: BOSHRequest
        var ticket: Ticket?
    }

    struct Answered: Sendable {
        let rid: Int64
        let key: String?
        let body: [UInt8]
        /// Whether it carried nothing.
        let isEmpty: Bool
        /// When it went out.
        let time: Int64
    }

    /// An answer that the client seems to have lost (§9.2).
    struct Report: Sendable {
        let rid: Int64
        let since: Int64
    }

    package let sid: String
    /// The Content-Type of every answer (§7.1).
    package let contentType: String

    let limits: BOSHLimits
    /// What was agreed on.
    let wait: Int64
    let hold: Int
    /// Silence after which the session ends. Who polls is silent in between, and gets more (§12).
    let inactivity: Int64
    let version: BOSHVersion
    let acknowledges: Bool
    /// The rid of the request that made the session.
    let created: Int64

    var stream: ClientStream
    /// The last request in order.
    var processed: Int64
    var open: [Open] = []
    var early: [Int64: Early] = [:]
    var answered: [Answered] = []
    var outgoing = BOSHPayload()
    /// What the next request's key must hash to (§15); nil without keys.
    var nextKey: String?
    /// When the last ticket was answered or lost: what inactivity counts from.
    var idleSince: Int64
    /// What the client asked for when it paused; over with its next request.
    var pause: Int64?
    /// Whether the current request is the one that asks for the pause.
    var isPausing = false
    var lastPoll: Int64?
    var report: Report?
    var isEnded = false
    /// What the current request carries and has not been read yet: reading stops while the caller answers a question.
    var unread: ArraySlice<Element> = []
    /// Whether the current request is the client's last.
    var isFarewell = false

    /// Requests that may be under way at a time (§7.1): those held, and one to send with.
    var requests: Int { hold + 1 }

    /// Makes a session of the request that asks for one (§7). Process the same request with `receive` next.
    package init(_ request: BOSHRequest, domain: JID, limits: BOSHLimits, now: Int64) {
        self.limits = limits
        // 26 characters of base 32: 130 random bits, as nobody may guess them.
        sid = RandomID.base32(length: 26)
        wait = min(max(0, request.wait ?? limits.wait), limits.wait)
        // Whoever waits for nothing cannot be held either: it polls (§11).
        hold = wait == 0 ? 0 : min(max(0, request.hold ?? limits.hold), limits.hold)
        inactivity = hold == 0 ? limits.inactivity + 2 * limits.polling : limits.inactivity
        version = min(request.version ?? .own, .own)
        acknowledges = request.acknowledged != nil
        created = request.rid
        contentType = request.content ?? "text/xml; charset=utf-8"
        stream = ClientStream(domain: domain, isManageable: false)
        processed = request.rid - 1
        idleSince = now
    }

    // MARK: - To the client

    /// Queues a serialized stanza; it leaves with the oldest open request, at once if there is one.
    package mutating func send(_ stanza: [UInt8], now: Int64) -> [Action] {
        guard !isEnded else { return [] }
        guard stanza.count <= limits.queue - outgoing.count else { return terminate(.policyViolation, now: now) }
        outgoing.append(stanza)
        return release(now: now)
    }

    /// Answers the oldest open request with what waits, if there is something and one to answer.
    mutating func release(now: Int64) -> [Action] {
        guard !outgoing.isEmpty, let oldest = open.first else { return [] }
        return answer(oldest, payload: outgoing.take(), now: now)
    }

    /// Answers the oldest open request, which must be this one.
    mutating func answer(_ request: Open, payload: BOSHPayload = BOSHPayload(), now: Int64) -> [Action] {
        open.removeAll { $0.rid == request.rid }
        var attributes = request.rid == created ? agreement : []
        // §9.1: only worth saying when it is not the request that is being answered.
        if acknowledges, processed != request.rid {
            attributes.append(.init(name: "ack", value: "\(processed)"))
        }
        if let report {
            attributes.append(.init(name: "report", value: "\(report.rid)"))
            attributes.append(.init(name: "time", value: "\(now - report.since)"))
        }
        report = nil
        let body = BOSHBody.serialize(attributes, payload: payload)
        answered.append(
            Answered(rid: request.rid, key: request.key, body: body, isEmpty: payload.isEmpty, time: now))
        // §14.3: no client may ask for more than were under way.
        if answered.count > requests + 1 { answered.removeFirst() }
        guard let ticket = request.ticket else { return [] }
        idleSince = now
        return [.answer(ticket, body)]
    }

    // MARK: - The end

    /// Ends the session. Every ticket is answered with the reason, the first one with all that waits besides (§13, §17.2).
    package mutating func terminate(_ condition: BOSHCondition?, now: Int64) -> [Action] {
        guard !isEnded else { return [] }
        isEnded = true
        var attributes = [Element.Attribute(name: "type", value: "terminate")]
        if let condition { attributes.append(.init(name: "condition", value: condition.rawValue)) }
        let ahead = early.values.sorted { $0.request.rid < $1.request.rid }
        let tickets = open.compactMap(\.ticket) + ahead.compactMap(\.ticket)
        open = []
        early = [:]
        return tickets.map { .answer($0, BOSHBody.serialize(attributes, payload: outgoing.take())) } + [.end(condition)]
    }

    /// Ends the stream from our side; the client finds the stream error behind what waits (XEP-0206 §2, §6).
    package mutating func end(with error: StreamError, now: Int64) -> [Action] {
        guard error.condition != .systemShutdown else { return terminate(.systemShutdown, now: now) }
        outgoing.append(error.element)
        return terminate(.remoteStreamError, now: now)
    }

    // MARK: - Time

    /// When `expire` has something to do at the earliest, in the time of `now`.
    package var deadline: Int64 {
        open.first(where: { $0.ticket != nil })?.deadline ?? (idleSince + (pause ?? inactivity))
    }

    /// Answers requests that have waited long enough; ends a session that has been left alone.
    package mutating func expire(now: Int64) -> [Action] {
        guard !isEnded else { return [] }
        var actions: [Action] = []
        while let oldest = open.first, oldest.deadline <= now {
            actions += answer(oldest, now: now)
        }
        // A request ahead of its turn does not count: the one before it may never come.
        let isAlone = !open.contains { $0.ticket != nil }
        if isAlone && now - idleSince >= (pause ?? inactivity) {
            actions += terminate(nil, now: now)
        }
        return actions
    }

    /// The connection of a ticket is gone. The client will repeat the request; until then its answer is kept.
    package mutating func lost(_ ticket: Ticket, now: Int64) {
        for (rid, request) in early where request.ticket == ticket { early[rid]?.ticket = nil }
        guard let index = open.firstIndex(where: { $0.ticket == ticket }) else { return }
        open[index].ticket = nil
        idleSince = now
    }
}
