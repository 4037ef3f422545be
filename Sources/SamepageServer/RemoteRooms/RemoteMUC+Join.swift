import MUC
import XMPP

/// A visitor's way in.
extension RemoteMUC {
    /// XEP-0045 §7.2. The join goes on when the room is ready; until then it waits.
    func join(_ stanza: Stanza, session: JID, room localpart: String, nick: String, now: Int64) throws(StanzaError) {
        guard let jid = stanza.to, let address = jid.with(resource: nick) else { throw .jidMalformed() }
        let plan = plan(for: stanza, session: session, room: localpart)
        var join = stanza
        join.to = address
        join.removeChildren { $0.namespace == Namespace.page }
        if let room = rooms[localpart], let occupant = room.occupants[session] {
            return try joinAgain(join, plan, occupant, room, nick: nick, now: now)
        }
        try checkBounds(session)
        let room: RemoteRoom
        if let existing = rooms[localpart] { room = existing } else { room = try makeRoom(jid, localpart: localpart) }
        if let error = refusal(room, plan, now: now) { throw error }
        let occupant = RemoteOccupant(
            session: session, nick: nick,
            phase: .waiting(join: join, plan: plan, deadline: now + limits.joinTimeout), now: now)
        occupant.joinUntil = now + limits.joinTimeout
        occupant.remember(join, limits: limits)
        insert(occupant, into: room)
        admit(occupant, join, plan, room, now: now)
    }

    /// Somebody who is in, or on the way, asks to be let in: it lost track, or lost patience.
    private func joinAgain(
        _ join: Stanza, _ plan: RoomPlan, _ occupant: RemoteOccupant, _ room: RemoteRoom, nick: String, now: Int64
    ) throws(StanzaError) {
        occupant.isReturning = false
        occupant.following = nil
        if case .catchingUp(let catchUp) = occupant.phase { finish(catchUp, of: occupant, room, now: now) }
        if case .joined = occupant.phase, room.readiness.isReady {
            try checkRename(of: occupant, to: nick, now: now)
            occupant.remember(join, limits: limits)
            return send(join)
        }
        if let error = refusal(room, plan, now: now) {
            remove(occupant, from: room)
            throw error
        }
        occupant.nick = nick
        occupant.joinUntil = now + limits.joinTimeout
        occupant.remember(join, limits: limits)
        set(.waiting(join: join, plan: plan, deadline: now + limits.joinTimeout), of: occupant, in: room)
        admit(occupant, join, plan, room, now: now)
    }

    private func admit(
        _ occupant: RemoteOccupant, _ join: Stanza, _ plan: RoomPlan, _ room: RemoteRoom, now: Int64
    ) {
        if isUp, room.readiness.isReady { return forward(join, plan, occupant, room, now: now) }
        guard !MUCLimits.isReached(limits.waitingJoins, by: waitingCount - 1) else {
            remove(occupant, from: room)
            let busy = StanzaError(.resourceConstraint, .wait, "Many people are coming in. Try again in a moment.")
            return answer(join, busy, by: room.jid)
        }
        prepare(room, now: now)
    }

    func forward(_ join: Stanza, _ plan: RoomPlan, _ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        if plan.makesRoom { room.plan = plan }
        set(.joining(join: join, plan: plan, deadline: now + limits.answerTimeout), of: occupant, in: room)
        send(join)
    }

    /// Turns somebody away who waits, or whose join was sent.
    func refuse(_ occupant: RemoteOccupant, _ join: Stanza, _ error: StanzaError, _ room: RemoteRoom) {
        remove(occupant, from: room)
        answer(join, error, by: room.jid)
    }

    private func plan(for join: Stanza, session: JID, room localpart: String) -> RoomPlan {
        do throws(StanzaError) {
            return RoomPlan(
                try policy.admitRoom(
                    localpart: localpart, claim: RoomClaim(join), creator: session,
                    isAdmin: settings.admins.contains(session.bare)))
        } catch {
            return .visit(error)
        }
    }

    /// While the service does not let us make the room, nobody has to wait to hear so.
    private func refusal(_ room: RemoteRoom, _ plan: RoomPlan, now: Int64) -> StanzaError? {
        guard case .refused(let error, let until) = room.readiness else { return nil }
        guard now < until else {
            room.readiness = .unknown
            return nil
        }
        if case .visit(let own) = plan { return own }
        return error
    }

    private func checkBounds(_ session: JID) throws(StanzaError) {
        guard !MUCLimits.isReached(limits.roomsPerSession, by: memberships.rooms(of: session).count) else {
            throw .resourceConstraint("You are in as many rooms as one session may be in.")
        }
        guard !MUCLimits.isReached(limits.occupants, by: occupantCount) else {
            throw StanzaError(.resourceConstraint, .wait, "This server holds as many visitors as it can.")
        }
    }

    func checkRename(of occupant: RemoteOccupant, to nick: String, now: Int64) throws(StanzaError) {
        guard nick != occupant.nick else { return }
        guard occupant.isRenameAllowed(now: now, interval: limits.nickInterval) else {
            throw .policyViolation("Wait a little before you change your nick again.")
        }
        occupant.lastRename = now
    }
}
