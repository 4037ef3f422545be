import XMPP

/// Presence from a room: the visitor's own, which says where it stands, and that of others.
extension RemoteMUC {
    func presence(_ stanza: Stanza, from: JID, _ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        if let error = stanza.reportedError {
            return refused(stanza, error, occupant, room, now: now)
        }
        switch occupant.phase {
        // Of the room that is being destroyed again, or of a past life.
        case .waiting, .away: return
        case .joining, .joined, .rejoining, .catchingUp: break
        }
        // Presence of the room itself: its capabilities.
        guard let nick = from.resource else { return pass() }
        let presence = MUCPresence(stanza)
        let isOwn = presence.isSelf || isLast(presence, of: occupant, as: nick)
        if presence.isAvailable {
            if isOwn, presence.isNewRoom, !occupant.phase.isSettled { return reclaim(room, from: occupant, now: now) }
            room.appeared(nick)
            pass()
            if isOwn { entered(occupant, as: nick, room, now: now) }
        } else {
            if isOwn, let newNick = presence.newNick {
                occupant.nick = newNick
                follow(occupant, to: newNick, stanza, room)
            }
            room.disappeared(nick, of: isOwn ? occupant.session : nil)
            if let newNick = presence.newNick {
                room.appeared(newNick)
                pass()
            } else if isOwn {
                left(occupant, stanza, presence, room, now: now)
            } else {
                pass()
            }
        }
    }

    /// Not every service marks the last presence of an occupant with 110. Then the nick tells, unless it was only asked for:
    /// somebody else may have it.
    private func isLast(_ presence: MUCPresence, of occupant: RemoteOccupant, as nick: String) -> Bool {
        guard !presence.isAvailable, nick == occupant.nick else { return false }
        if case .joining = occupant.phase { return presence.isDestroyed }
        return true
    }

    /// Own presence ends the join (XEP-0045 §7.2.2).
    private func entered(_ occupant: RemoteOccupant, as nick: String, _ room: RemoteRoom, now: Int64) {
        switch occupant.phase {
        case .joining:
            occupant.nick = nick
            occupant.lastHeard = now
            occupant.isTold = false
            occupant.rejoinUntil = nil
            room.reclaims = 0
            set(.joined, of: occupant, in: room)
            settle(room)
        case .rejoining:
            occupant.nick = nick
            room.reclaims = 0
            rejoined(occupant, room, now: now)
        case .joined, .catchingUp:
            regather(after: occupant, nick: nick, room)
            startRejoins(now: now)
        case .waiting, .away: break
        }
    }

    /// Left, or taken out: kicked, banned, the room destroyed.
    private func left(
        _ occupant: RemoteOccupant, _ stanza: Stanza, _ presence: MUCPresence, _ room: RemoteRoom, now: Int64
    ) {
        if room.readiness.isReclaiming, presence.isDestroyed {
            // Destroyed by us. The client stays in the room that comes after.
            if case .joining(let join, let plan, _) = occupant.phase {
                set(.waiting(join: join, plan: plan, deadline: now + limits.joinTimeout), of: occupant, in: room)
            } else {
                sendAway(occupant, room, now: now)
            }
            return
        }
        // The end of a past life, which the room has only now noticed.
        if !occupant.phase.isSettled, !presence.isRemoval { return }
        if presence.isDestroyed, room.readiness.isReady { room.readiness = .unknown }
        pass()
        if presence.isRemoval { takeOut(withLeader: occupant, stanza, room) }
        remove(occupant, from: room)
    }

    /// An error to a join, or to a change of nick. Also what the router makes of a join that it could not send.
    private func refused(
        _ stanza: Stanza, _ error: StanzaError, _ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64
    ) {
        switch occupant.phase {
        case .waiting, .away: return
        case .joining(let join, let plan, _):
            if isInTheMaking(room, error), now < occupant.joinUntil {
                set(.waiting(join: join, plan: plan, deadline: occupant.joinUntil), of: occupant, in: room)
                lookAgain(room, now: now)
            } else {
                pass()
                remove(occupant, from: room)
            }
        case .rejoining:
            if error.mayPass || isInTheMaking(room, error) {
                sendAway(occupant, room, now: now)
                lookAgain(room, now: now)
            } else {
                lose(occupant, room, error.text)
            }
        case .joined, .catchingUp:
            pass()
            regather(after: occupant, nick: stanza.from?.resource, room)
            startRejoins(now: now)
        }
    }

    /// `item-not-found` is what a service says of a room that is locked (XEP-0045 §10.1.3): somebody has made it anew,
    /// perhaps one of ours, who is about to give it back.
    private func isInTheMaking(_ room: RemoteRoom, _ error: StanzaError) -> Bool {
        room.readiness.isReclaiming || error.condition == .itemNotFound
    }

    private func lookAgain(_ room: RemoteRoom, now: Int64) {
        if room.readiness.isReady { room.readiness = .pausing(until: now + limits.retryInterval) }
    }
}
