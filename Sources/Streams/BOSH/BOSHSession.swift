import WebWire
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
        let body: [UInt8]
    }

    package let sid: String
    /// The Content-Type of every answer (§7.1).
    package let contentType: String

    let limits: BOSHLimits
    /// What was agreed on.
    let wait: Int64
    let hold: Int
    let version: BOSHVersion
    let acknowledges: Bool

    var stream: ClientStream
    /// The last request in order.
    var processed: Int64
    var open: [Open] = []
    var early: [Int64: Early] = [:]
    var answered: [Answered] = []
    /// Serialized stanzas for the client.
    var outgoing: [UInt8] = []
    var nextKey: String?
    /// When the last ticket was answered or lost: what inactivity counts from.
    var idleSince: Int64
    /// What the client asked for when it paused; over with its next request.
    var pause: Int64?
    var lastPoll: Int64?
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
        version = min(request.version ?? .own, .own)
        acknowledges = request.wantsAcknowledgements
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
        outgoing += stanza
        return release(now: now)
    }

    /// Answers the oldest open request with what waits, if there is something and one to answer.
    mutating func release(now: Int64) -> [Action] {
        guard !outgoing.isEmpty, let oldest = open.first else { return [] }
        let payload = outgoing
        outgoing = []
        return answer(oldest, payload: payload, now: now)
    }

    /// Answers the oldest open request, which must be this one.
    mutating func answer(
        _ request: Open, attributes: [Element.Attribute] = [], payload: [UInt8] = [], now: Int64
    ) -> [Action] {
        open.removeAll { $0.rid == request.rid }
        var attributes = attributes
        // §9.3: only worth saying when it is not the request that is being answered.
        if acknowledges, processed != request.rid {
            attributes.append(.init(name: "ack", value: "\(processed)"))
        }
        let body = BOSHBody.serialize(attributes, payload: payload)
        answered.append(Answered(rid: request.rid, body: body))
        // §14.2: no client may ask for more than were under way.
        if answered.count > requests + 1 { answered.removeFirst() }
        idleSince = now
        return request.ticket.map { [.answer($0, body)] } ?? []
    }

    // MARK: - The end

    /// Ends the session: every ticket is answered, the first with the reason (§13, §17.2).
    package mutating func terminate(
        _ condition: BOSHCondition?, payload: [UInt8] = [], now: Int64
    ) -> [Action] {
        guard !isEnded else { return [] }
        isEnded = true
        var attributes = [Element.Attribute(name: "type", value: "terminate")]
        if let condition { attributes.append(.init(name: "condition", value: condition.rawValue)) }
        let last = outgoing + payload
        outgoing = []
        var actions: [Action] = []
        for (index, request) in open.enumerated() {
            guard let ticket = request.ticket else { continue }
            let content = index == 0 ? last : []
            actions.append(.answer(ticket, BOSHBody.serialize(attributes, payload: content)))
        }
        for request in early.values.sorted(by: { $0.request.rid < $1.request.rid }) {
            guard let ticket = request.ticket else { continue }
            actions.append(.answer(ticket, BOSHBody.serialize(attributes)))
        }
        open = []
        early = [:]
        return actions + [.end(condition)]
    }

    /// Ends the stream from our side, with a stream error inside (XEP-0206 §7).
    package mutating func end(with error: StreamError, now: Int64) -> [Action] {
        let condition: BOSHCondition =
            error.condition == .systemShutdown ? .systemShutdown : .remoteStreamError
        return terminate(condition, payload: error.element.serialized, now: now)
    }

    // MARK: - Time

    /// When `expire` has something to do at the earliest, in the time of `now`.
    package var deadline: Int64 {
        open.first(where: { $0.ticket != nil })?.deadline ?? (idleSince + (pause ?? limits.inactivity))
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
        if isAlone && now - idleSince >= (pause ?? limits.inactivity) {
            actions += terminate(nil, now: now)
        }
        return actions
    }

    /// The connection of a ticket is gone. The client will repeat the request; until then its answer is kept.
    package mutating func lost(_ ticket: Ticket, now: Int64) {
        if let index = open.firstIndex(where: { $0.ticket == ticket }) { open[index].ticket = nil }
        for (rid, request) in early where request.ticket == ticket { early[rid]?.ticket = nil }
        idleSince = now
    }
}
