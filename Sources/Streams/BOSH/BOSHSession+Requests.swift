import XMPP

/// Requests of the client: their order, their repetition, and what they carry (XEP-0124 §8–§15).
extension BOSHSession {
    /// A request of this session came.
    package mutating func receive(_ request: BOSHRequest, ticket: Ticket, now: Int64) -> [Action] {
        guard !isEnded else { return [.answer(ticket, BOSHBody.refusal(.itemNotFound))] }
        if request.rid <= processed { return `repeat`(request, ticket: ticket, now: now) }
        // §14.2: the window; §11: one more to pause or to say goodbye with.
        let isExtra = request.pause != nil || request.isTerminating
        guard request.rid <= processed + Int64(isExtra ? requests + 1 : requests) else {
            return refuse(ticket, .itemNotFound, now: now)
        }

        var actions: [Action] = []
        if let older = early[request.rid]?.ticket { actions.append(.answer(older, BOSHBody.superseded)) }
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
            actions += isPausing ? answerForPause(now: now) : settle(now: now)
            guard let next = early.removeValue(forKey: processed + 1) else { break }
            actions += process(next.request, ticket: next.ticket, now: now)
        }
        return actions
    }

    /// A rid that was processed: nothing runs again (§14.3). With keys, only their owner can repeat a request.
    ///
    /// What cannot be answered any more is refused alone, and the session goes on: a network that doubles or delays
    /// requests brings copies at which the client has long had an answer.
    private mutating func `repeat`(_ request: BOSHRequest, ticket: Ticket, now: Int64) -> [Action] {
        if let index = open.firstIndex(where: { $0.rid == request.rid && $0.key == request.key }) {
            // The client gave up the older connection; this one takes its place.
            let older = open[index].ticket
            open[index].ticket = ticket
            return older.map { [.answer($0, BOSHBody.superseded)] } ?? []
        }
        guard let answer = answered.first(where: { $0.rid == request.rid && $0.key == request.key }) else {
            return [.answer(ticket, BOSHBody.refusal(.itemNotFound))]
        }
        idleSince = now
        return [.answer(ticket, answer.body)]
    }

    /// Ends the session because of a request that is not part of it.
    package mutating func refuse(_ ticket: Ticket, _ condition: BOSHCondition, now: Int64) -> [Action] {
        [.answer(ticket, BOSHBody.refusal(condition))] + terminate(condition, now: now)
    }

    /// A request in its turn.
    private mutating func process(_ request: BOSHRequest, ticket: Ticket?, now: Int64) -> [Action] {
        let isFirst = request.sid == nil
        processed = request.rid
        pause = nil
        open.append(Open(rid: request.rid, key: request.key, ticket: ticket, deadline: now + wait))
        guard isFirst || isKeyValid(request.key) else { return terminate(.itemNotFound, now: now) }
        nextKey = request.newKey ?? request.key
        guard !pollsTooSoon(request, now: now) else { return terminate(.policyViolation, now: now) }
        noteAcknowledgement(request, now: now)

        unread = request.payload[...]
        // §13: what came with the farewell is delivered first.
        isFarewell = request.isTerminating
        if isFirst { return begin(request, now: now) }
        if let time = request.pause {
            guard time <= limits.maxPause else { return terminate(.policyViolation, now: now) }
            pause = time
            isPausing = true
        }
        guard request.isRestart else { return [] }
        let host = request.to ?? stream.domain.description
        return translate(stream.opened(to: host, version: request.xmppVersion ?? "1.0"), now: now)
    }

    /// Answers what has something to say, and what is over `hold` (§7.1).
    private mutating func settle(now: Int64) -> [Action] {
        var actions = release(now: now)
        if report != nil, let oldest = open.first { actions += answer(oldest, now: now) }
        while open.count > hold, let oldest = open.first { actions += answer(oldest, now: now) }
        return actions
    }

    /// §10: answers everything. The request that asked for the pause is the last of them and carries nothing; what waits
    /// goes on waiting.
    private mutating func answerForPause(now: Int64) -> [Action] {
        isPausing = false
        var actions = open.count > 1 ? release(now: now) : []
        while let oldest = open.first { actions += answer(oldest, now: now) }
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
            case .send(let element): outgoing.append(element)
            case .refuse(let reply): if let reply { outgoing.append(reply.element) }
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
