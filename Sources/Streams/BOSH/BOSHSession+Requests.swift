import WebWire
import XMPP

/// Requests of the client: their order, their repetition, and what they carry (XEP-0124 §8–§15).
extension BOSHSession {
    /// A request of this session came.
    package mutating func receive(_ request: BOSHRequest, ticket: Ticket, now: Int64) -> [Action] {
        guard !isEnded else { return [.answer(ticket, BOSHBody.refusal(.itemNotFound))] }
        if request.rid <= processed { return `repeat`(request, ticket: ticket, now: now) }
        // §14.1: the window.
        guard request.rid <= processed + Int64(requests) else { return refuse(ticket, .itemNotFound, now: now) }

        var actions: [Action] = []
        if let older = early[request.rid]?.ticket { actions.append(.answer(older, BOSHBody.serialize([]))) }
        early[request.rid] = Early(request: request, ticket: ticket)
        return actions + advance(now: now)
    }

    /// Goes on with what has come, as far as the order of the rids allows, and up to a question for the caller.
    private mutating func advance(now: Int64) -> [Action] {
        var actions: [Action] = []
        while !isEnded {
            if !unread.isEmpty {
                let answers = translate(stream.received(unread.removeFirst()), now: now)
                actions += answers
                if answers.contains(where: \.isQuestion) { return actions }
                continue
            }
            if isFarewell { return actions + translate(stream.closed(), now: now) }
            actions += settle(now: now)
            guard let next = early.removeValue(forKey: processed + 1) else { break }
            actions += process(next.request, ticket: next.ticket, now: now)
        }
        return actions
    }

    /// A rid that was processed: nothing runs again (§14.3).
    private mutating func `repeat`(_ request: BOSHRequest, ticket: Ticket, now: Int64) -> [Action] {
        if let index = open.firstIndex(where: { $0.rid == request.rid }) {
            // The client gave up the older connection; this one takes its place.
            let older = open[index].ticket
            open[index].ticket = ticket
            return older.map { [.answer($0, BOSHBody.serialize([]))] } ?? []
        }
        guard let answer = answered.first(where: { $0.rid == request.rid }) else {
            return refuse(ticket, .itemNotFound, now: now)
        }
        idleSince = now
        return [.answer(ticket, answer.body)]
    }

    /// Ends the session because of a request that is not part of it yet.
    private mutating func refuse(_ ticket: Ticket, _ condition: BOSHCondition, now: Int64) -> [Action] {
        [.answer(ticket, BOSHBody.refusal(condition))] + terminate(condition, now: now)
    }

    /// A request in its turn.
    private mutating func process(_ request: BOSHRequest, ticket: Ticket?, now: Int64) -> [Action] {
        let isFirst = request.sid == nil
        processed = request.rid
        pause = nil
        open.append(Open(rid: request.rid, ticket: ticket, deadline: now + wait))
        guard isFirst || isKeyValid(request.key) else { return terminate(.itemNotFound, now: now) }
        if nextKey != nil || isFirst { nextKey = request.newKey ?? request.key }
        if let condition = overactivity(request, isFirst: isFirst, now: now) {
            return terminate(condition, now: now)
        }
        if isFirst { return begin(request, now: now) }
        if let pause = request.pause { return hold(for: pause, now: now) }

        unread = request.payload[...]
        // §13: what came with the farewell is delivered first.
        isFarewell = request.isTerminating
        guard request.isRestart else { return [] }
        let host = request.to ?? stream.domain.description
        return translate(stream.opened(to: host, version: request.xmppVersion ?? "1.0"), now: now)
    }

    /// Answers what has something to say, and what is over `hold` (§7.1).
    mutating func settle(now: Int64) -> [Action] {
        var actions = release(now: now)
        while open.count > hold, let oldest = open.first { actions += answer(oldest, now: now) }
        return actions
    }

    // MARK: - The first request (§7)

    private mutating func begin(_ request: BOSHRequest, now: Int64) -> [Action] {
        var actions: [Action] = []
        for action in stream.opened(to: request.to, version: request.xmppVersion ?? "1.0") {
            switch action {
            case .send(let element): outgoing += element.serialized
            case .fail(let error):
                let condition: BOSHCondition = error.condition == .hostUnknown ? .hostUnknown : .remoteStreamError
                return actions + terminate(condition, payload: error.element.serialized, now: now)
            default: break
            }
        }
        guard let first = open.first else { return actions }
        let payload = outgoing
        outgoing = []
        actions += answer(first, attributes: agreement, payload: payload, now: now)
        return actions
    }

    /// §7.2, XEP-0206 §3: what was agreed on.
    private var agreement: [Element.Attribute] {
        var attributes: [Element.Attribute] = []
        func say(_ name: String, _ value: some CustomStringConvertible) {
            attributes.append(.init(name: name, value: value.description))
        }
        say("sid", sid)
        say("wait", wait / 1_000)
        say("requests", requests)
        say("hold", hold)
        say("inactivity", limits.inactivity / 1_000)
        say("maxpause", limits.maxPause / 1_000)
        say("polling", limits.polling / 1_000)
        say("ver", version)
        say("from", stream.domain)
        if acknowledges { say("ack", processed) }
        attributes.append(.init(name: "restartlogic", namespace: Namespace.xbosh, value: "true"))
        attributes.append(.init(name: "version", namespace: Namespace.xbosh, value: "1.0"))
        return attributes
    }

    // MARK: - Keys, pauses, polling

    /// §15: each key hashes to the one before it.
    private func isKeyValid(_ key: String?) -> Bool {
        guard let nextKey else { return true }
        guard let key else { return false }
        return Digest.hex(Digest.sha1(Array(key.utf8))) == nextKey
    }

    /// §11: who polls may not do so all the time.
    private mutating func overactivity(_ request: BOSHRequest, isFirst: Bool, now: Int64) -> BOSHCondition? {
        guard hold == 0, !isFirst, request.payload.isEmpty, !request.isTerminating, !request.isRestart else {
            lastPoll = nil
            return nil
        }
        defer { lastPoll = now }
        guard let lastPoll, now - lastPoll < limits.polling else { return nil }
        return .policyViolation
    }

    /// §8: answers everything, and waits longer than usual for the next request.
    private mutating func hold(for time: Int64, now: Int64) -> [Action] {
        guard time <= limits.maxPause else { return terminate(.policyViolation, now: now) }
        var actions = release(now: now)
        while let oldest = open.first { actions += answer(oldest, now: now) }
        pause = time
        return actions
    }

    // MARK: - The stream inside

    package mutating func authenticated(as identity: JID, extensions: [Element] = [], now: Int64) -> [Action] {
        goOn(stream.authenticated(as: identity, extensions: extensions), now: now)
    }

    package mutating func authenticationFailed(_ failure: SASLFailure, now: Int64) -> [Action] {
        goOn(stream.authenticationFailed(failure), now: now)
    }

    package mutating func bound(to jid: JID, now: Int64) -> [Action] {
        goOn(stream.bound(to: jid), now: now)
    }

    package mutating func bindFailed(_ error: StanzaError, now: Int64) -> [Action] {
        goOn(stream.bindFailed(error), now: now)
    }

    /// The caller has answered a question. Reading goes on, unless that led to another (SASL2 with Bind 2).
    private mutating func goOn(_ answers: [ClientStream.Action], now: Int64) -> [Action] {
        let actions = translate(answers, now: now)
        return actions.contains(where: \.isQuestion) ? actions : actions + advance(now: now)
    }

    /// What the stream sends waits in `outgoing`; the request that caused it is answered when it has been processed.
    private mutating func translate(_ actions: [ClientStream.Action], now: Int64) -> [Action] {
        var result: [Action] = []
        for action in actions where !isEnded {
            switch action {
            // A BOSH stream has no header of its own.
            case .open: break
            case .send(let element): outgoing += element.serialized
            case .refuse(let reply): if let reply { outgoing += reply.element.serialized }
            // Never asked of a stream that is not manageable.
            case .enable, .resume, .acknowledged, .acknowledge: break
            case .authenticate(let credentials): result.append(.authenticate(credentials))
            case .bind(let resource): result.append(.bind(resource: resource))
            case .route(let stanza): result.append(.route(stanza))
            case .fail(let error): result += end(with: error, now: now)
            case .close: result += terminate(nil, now: now)
            }
        }
        return result
    }
}
