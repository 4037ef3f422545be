import XMPP

/// The link breaks and comes back; and the time that everything may take.
extension RemoteMUC {
    /// The service sees our occupants go, now or when it next writes to one. Their clients stay where they are.
    func linkWentDown(now: Int64) {
        guard isUp else { return }
        isUp = false
        preparationQueue = []
        preparationCount = 0
        rejoinQueue = []
        for room in rooms.values {
            // All that we knew may change while we are away.
            room.readiness = .unknown
            room.found.keeperNick = nil
            for occupant in room.occupants.values { interrupt(occupant, room, now: now) }
            room.linkWentDown()
            if room.occupants.isEmpty { forget(room) } else { active.insert(room.localpart) }
        }
    }

    private func interrupt(_ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        switch occupant.phase {
        case .waiting: return
        // Perhaps it has arrived, perhaps not: once more, when the link is back.
        case .joining(let join, let plan, _):
            return set(
                .waiting(join: join, plan: plan, deadline: now + limits.joinTimeout), of: occupant, in: room)
        case .catchingUp(let catchUp): finish(catchUp, of: occupant, room, now: now)
        case .joined, .away, .rejoining: break
        }
        occupant.rejoinUntil = nil
        occupant.following = nil
        set(.away(deadline: nil), of: occupant, in: room)
        guard !occupant.isTold else { return }
        occupant.isTold = true
        deliver(LinkNotice.down.stanza(from: room.jid, to: occupant.session))
    }

    func linkCameUp(now: Int64) {
        guard !isUp else { return }
        isUp = true
        for room in rooms.values {
            for session in room.unsettled {
                guard let occupant = room.occupants[session], case .away = occupant.phase else { continue }
                sendAway(occupant, room, now: now)
            }
            // What was asked for while the link was down is in the queue already.
            prepare(room, now: now)
        }
        proceed(now: now)
    }

    /// Goes on with what is paced.
    func proceed(now: Int64) {
        startPreparations(now: now)
        startRejoins(now: now)
    }

    // MARK: Deadlines

    func expire(_ room: RemoteRoom, now: Int64) {
        switch room.readiness {
        case .preparing(var preparation):
            if let progress = preparation.expire(now: now) {
                room.readiness = .preparing(preparation)
                follow(progress, of: room, preparation.plan, now: now)
            }
        case .pausing(let until) where now >= until:
            room.readiness = .unknown
            if !room.unsettled.isEmpty { prepare(room, now: now) }
        case .reclaiming(_, let deadline) where now >= deadline: reclaimed(room, now: now)
        case .unknown, .queued, .pausing, .ready, .refused, .reclaiming: break
        }
        for session in room.unsettled {
            guard let occupant = room.occupants[session] else { continue }
            expire(occupant, room, now: now)
        }
    }

    private func expire(_ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        let silence = StanzaError.remoteServerTimeout("The chat service does not answer. Try again in a moment.")
        switch occupant.phase {
        case .waiting(let join, _, let deadline) where now >= deadline: refuse(occupant, join, silence, room)
        case .joining(let join, _, let deadline) where now >= deadline:
            send(leave(occupant, room))
            refuse(occupant, join, silence, room)
        case .away(let deadline?) where now >= deadline && occupant.following != nil:
            // Nothing was heard of the change of nick.
            comeBack(occupant, room)
            sendAway(occupant, room, now: now)
        case .away(let deadline?) where now >= deadline: lose(occupant, room, silence.text)
        case .rejoining(let deadline) where now >= deadline:
            send(leave(occupant, room))
            lose(occupant, room, silence.text)
        case .catchingUp(let catchUp) where now >= catchUp.deadline: finish(catchUp, of: occupant, room, now: now)
        case .waiting, .joining, .joined, .away, .rejoining, .catchingUp: break
        }
    }
}
