import XMPP

/// Brings visitors back into their rooms, a few at a time, and gives them what they have missed.
extension RemoteMUC {
    /// The client is in a room that the visitor has to enter again. All attempts together have one deadline.
    func sendAway(_ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        let deadline = occupant.rejoinUntil ?? now + limits.rejoinTimeout
        occupant.rejoinUntil = deadline
        set(.away(deadline: deadline), of: occupant, in: room)
    }

    /// As many as this tick and the service's backlog allow.
    func startRejoins(now: Int64) {
        guard isUp else { return }
        var taken = 0
        for (localpart, session) in rejoinQueue {
            guard rejoinBudget > 0, rejoinsInFlight < limits.rejoinsInFlight else { break }
            taken += 1
            guard let room = rooms[localpart], room.readiness.isReady, let occupant = room.occupants[session],
                case .away = occupant.phase
            else { continue }
            rejoinBudget -= 1
            rejoin(occupant, room, now: now)
        }
        rejoinQueue.removeFirst(taken)
    }

    /// The same nick, the last presence. No history where the archive has it; else since the last message, and some
    /// more, since clocks differ (XEP-0045 §7.2.14).
    func rejoin(_ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        guard let address = room.jid.with(resource: occupant.nick) else {
            return lose(occupant, room, "This nick is not possible any more.")
        }
        var join = Element("x", Namespace.muc)
        if room.found.hasArchive {
            join.append(Element("history", Namespace.muc, ["maxchars": "0", "maxstanzas": "0"]))
        } else {
            let since = DateTime.string(milliseconds: occupant.lastHeard - limits.historyOverlap)
            join.append(Element("history", Namespace.muc, ["since": since]))
        }
        if let password = occupant.password {
            join.append(Element("password", Namespace.muc, text: password))
        }
        occupant.isReturning = true
        set(.rejoining(deadline: now + limits.answerTimeout), of: occupant, in: room)
        send(Stanza(.presence, from: occupant.session, to: address, [join] + occupant.presence))
    }

    /// The room has let the visitor in again.
    func rejoined(_ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        for nick in room.goneNicks where nick != occupant.nick { tell(occupant, isGone: nick, room) }
        occupant.rejoinUntil = nil
        if occupant.isTold {
            occupant.isTold = false
            deliver(LinkNotice.up.stanza(from: room.jid, to: occupant.session))
        }
        if room.found.hasArchive {
            var catchUp = CatchUp(
                room: room.jid, session: occupant.session, after: occupant.lastID,
                since: occupant.lastHeard - limits.historyOverlap, limits: limits, serial: newSerial(), now: now)
            send(catchUp.ask(now: now))
            set(.catchingUp(catchUp), of: occupant, in: room)
        } else {
            occupant.lastHeard = now
            set(.joined, of: occupant, in: room)
        }
        settle(room)
        startRejoins(now: now)
    }

    /// The way back is closed: another has the nick, the room has no place, the room is gone. The client is out, for a
    /// technical reason (333), and may try what it likes.
    func lose(_ occupant: RemoteOccupant, _ room: RemoteRoom, _ reason: String?) {
        deliver(departure(of: occupant, room, status: "333", text: reason))
        remove(occupant, from: room)
    }

    /// Tells those who are back already of somebody who will not come: so far they were not told that it had gone.
    func tellOthers(isLost occupant: RemoteOccupant, _ room: RemoteRoom) {
        guard room.hasSettled, !room.nicks.contains(occupant.nick) else { return }
        for other in room.occupants.values where other !== occupant && other.phase.isSettled {
            tell(other, isGone: occupant.nick, room)
        }
    }

    private func tell(_ occupant: RemoteOccupant, isGone nick: String, _ room: RemoteRoom) {
        guard let address = room.jid.with(resource: nick) else { return }
        let item = Element("item", Namespace.mucUser, ["affiliation": "none", "role": "none"])
        deliver(
            Stanza(
                .presence, type: "unavailable", from: address, to: occupant.session,
                [Element("x", Namespace.mucUser, [item])]))
    }

    // MARK: What was missed

    func deliverMissed(_ message: Stanza, to occupant: RemoteOccupant, _ room: RemoteRoom) {
        // The next question, after another break, is for what comes after this.
        occupant.lastID = message.stanzaID(by: room.jid) ?? occupant.lastID
        guard !hasSeen(message, occupant, room) else { return }
        deliver(message)
    }

    /// Everything there is has come: now what was said meanwhile, less what the archive already had.
    func finish(_ catchUp: CatchUp, of occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        set(.joined, of: occupant, in: room)
        for message in catchUp.held {
            let id = message.stanzaID(by: room.jid)
            let isNew = id.map { !catchUp.delivered.contains($0) } ?? true
            note(message, occupant, room, now: now)
            if isNew { deliver(message) }
        }
        settle(room)
    }
}
