import MUC
import XMPP

/// The keeper at work: rooms wait for it in turn, and what waits for a room hears of it at the same time.
extension RemoteMUC {
    /// Sees to a room, unless that is done or under way.
    func prepare(_ room: RemoteRoom, now: Int64) {
        guard !room.readiness.isReady, !room.readiness.isBusy else { return }
        room.readiness = .queued
        active.insert(room.localpart)
        preparationQueue.append(room.localpart)
        startPreparations(now: now)
    }

    func startPreparations(now: Int64) {
        guard isUp else { return }
        var taken = 0
        for localpart in preparationQueue {
            guard preparationCount < limits.preparations else { break }
            taken += 1
            guard let room = rooms[localpart], case .queued = room.readiness else { continue }
            guard !room.unsettled.isEmpty else {
                room.readiness = .unknown
                settle(room)
                continue
            }
            var preparation = RoomPreparation(
                room: room.jid, plan: plan(for: room), mustStay: room.mustStay, settings: settings,
                serial: newSerial(), now: now)
            send(preparation.start(now: now))
            room.readiness = .preparing(preparation)
            preparationCount += 1
        }
        preparationQueue.removeFirst(taken)
    }

    /// What those who wait would make of the room: one who may make it is enough.
    private func plan(for room: RemoteRoom) -> RoomPlan {
        var fallback = room.plan
        for session in room.unsettled {
            guard case .waiting(_, let plan, _) = room.occupants[session]?.phase else { continue }
            if plan.makesRoom { return plan }
            fallback = fallback ?? plan
        }
        return fallback ?? .visit(.itemNotFound("There is no such room."))
    }

    // MARK: What the service tells the keeper

    func toKeeper(_ stanza: Stanza, from: JID, now: Int64) {
        guard !stanza.isRequest else { return answerForKeeper(stanza) }
        guard let localpart = from.localpart, let room = rooms[localpart] else { return bounce(stanza, from: from) }
        if case .preparing(var preparation) = room.readiness {
            let progress = preparation.receive(stanza, now: now)
            room.readiness = .preparing(preparation)
            return follow(progress, of: room, preparation.plan, now: now)
        }
        guard let nick = room.found.keeperNick else { return bounce(stanza, from: from) }
        guard stanza.kind == .presence, stanza.type == "unavailable" else { return }
        guard MUCPresence(stanza).isSelf || from.resource == nick else { return }
        // Taken out. The room is there as long as others are inside; whoever comes next has it looked at again.
        room.found.keeperNick = nil
        if room.readiness.isReady { room.readiness = .unknown }
        settle(room)
    }

    /// The keeper is a person to others, who may ask it things.
    private func answerForKeeper(_ stanza: Stanza) {
        if stanza.type == "get", stanza.child("ping", Namespace.ping) != nil {
            send(stanza.result())
        } else if let error = stanza.error(.serviceUnavailable()) {
            send(error)
        }
    }

    func follow(_ progress: RoomPreparation.Progress, of room: RemoteRoom, _ plan: RoomPlan, now: Int64) {
        switch progress {
        case .unconcerned: return
        case .going(let stanzas): send(stanzas)
        case .finished(let verdict, let stanzas):
            send(stanzas)
            preparationCount -= 1
            finish(room, verdict, plan, now: now)
            settle(room)
            startPreparations(now: now)
        }
    }

    private func finish(_ room: RemoteRoom, _ verdict: RoomPreparation.Verdict, _ plan: RoomPlan, now: Int64) {
        switch verdict {
        case .ready(let found):
            room.readiness = .ready
            room.found = found
            if plan.makesRoom { room.plan = plan }
            for warning in found.warnings { notice(warning) }
            if found.isMade, isCreationDenied {
                isCreationDenied = false
                notice("\(settings.service) lets \(settings.keeper.bare) make rooms now")
            }
            letIn(room, now: now)
        case .missing:
            room.readiness = .unknown
            turnAway(room, .itemNotFound("The room is gone."), now: now) { plan in
                if case .visit(let error) = plan { error } else { nil }
            }
            if !room.occupants.isEmpty { prepare(room, now: now) }
        case .denied(let cause):
            tellAboutDenial(cause)
            let error = StanzaError(
                .notAllowed, .cancel,
                "\(settings.service) does not let this site make its room. The operator has been told.")
            room.readiness = .refused(error, until: now + limits.refusalTime)
            turnAway(room, error, now: now) { plan in if case .visit(let own) = plan { own } else { error } }
        case .failed:
            // Who waits has a deadline of its own.
            room.readiness = room.unsettled.isEmpty ? .unknown : .pausing(until: now + limits.retryInterval)
        }
    }

    /// Those who wait enter, and those who were in rejoin in turn.
    private func letIn(_ room: RemoteRoom, now: Int64) {
        for session in room.unsettled {
            guard let occupant = room.occupants[session] else { continue }
            switch occupant.phase {
            case .waiting(let join, let plan, _): forward(join, plan, occupant, room, now: now)
            case .away: rejoinQueue.append((room.localpart, session))
            case .joining, .joined, .rejoining, .catchingUp: continue
            }
        }
        startRejoins(now: now)
    }

    /// - Parameter error: What somebody with this plan is told; nil for who waits on.
    private func turnAway(_ room: RemoteRoom, _ lost: StanzaError, now: Int64, error: (RoomPlan) -> StanzaError?) {
        for session in room.unsettled {
            guard let occupant = room.occupants[session] else { continue }
            switch occupant.phase {
            case .waiting(let join, let plan, _):
                if let error = error(plan) { refuse(occupant, join, error, room) }
            case .away: lose(occupant, room, lost.text)
            case .joining, .joined, .rejoining, .catchingUp: continue
            }
        }
    }

    /// Once, until it has worked again.
    private func tellAboutDenial(_ cause: StanzaError) {
        guard !isCreationDenied else { return }
        isCreationDenied = true
        let said = cause.text.map { " (\($0))" } ?? ""
        notice(
            """
            \(settings.service) does not let \(settings.keeper.bare) make rooms: \(cause.condition.rawValue)\(said). \
            Prosody: set restrict_room_creation = false for the component \(settings.service), or put \
            \(settings.keeper.bare) among its admins. ejabberd: admit it in access_create of mod_muc. Until then \
            visitors can only enter rooms that exist.
            """)
    }
}
