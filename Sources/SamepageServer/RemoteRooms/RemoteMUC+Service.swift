import XMPP

/// What a room sends to a visitor: it passes, and we take note.
extension RemoteMUC {
    func toOccupant(_ stanza: Stanza, from: JID, session: JID, room localpart: String, now: Int64) {
        guard let room = rooms[localpart] else { return bounce(stanza, from: from) }
        // Asked by a visitor that may have left since.
        if case .reclaiming(let id, _) = room.readiness, stanza.kind == .iq, stanza.id == id, !stanza.isRequest {
            return reclaimed(room, now: now)
        }
        guard let occupant = room.occupants[session] else { return bounce(stanza, from: from) }
        switch stanza.kind {
        case .presence: presence(stanza, from: from, occupant, room, now: now)
        case .message: message(stanza, from: from, occupant, room, now: now)
        case .iq: answer(stanza, occupant, room, now: now)
        }
    }

    /// To somebody who is in no room as far as we know: left while the link was down, or before we were restarted. The
    /// error tells the room so, which takes out whom it still takes for an occupant (RFC 6121 §8.5.3.2.1).
    func bounce(_ stanza: Stanza, from: JID) {
        let isOfRoom = stanza.isGroupchat || (stanza.kind == .presence && stanza.type == nil)
        guard isOfRoom, from.isFull else {
            if stanza.to?.bare != settings.keeper.bare { pass() }
            return
        }
        if let error = stanza.error(.serviceUnavailable()) { send(error) }
    }

    private func message(
        _ stanza: Stanza, from: JID, _ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64
    ) {
        if let error = stanza.reportedError { return messageError(error, from: from, room) }
        if case .catchingUp(var catchUp) = occupant.phase, let missed = catchUp.message(stanza) {
            room.set(.catchingUp(catchUp), of: occupant)
            if let missed { deliverMissed(missed, to: occupant, room) }
            return
        }
        // Of a question that we have given up.
        if let result = stanza.child("result", Namespace.mam), CatchUp.isOurs(result["queryid"]) { return }
        guard stanza.isGroupchat else { return pass() }
        switch occupant.phase {
        // Of the room that is being destroyed again, or of a past life.
        case .waiting, .away: return
        case .joining, .joined, .rejoining:
            // History in place of an archive: what the client has, it does not need again.
            if occupant.isReturning, stanza.isDelayed, hasSeen(stanza, occupant, room) { return }
        case .catchingUp(var catchUp):
            if !stanza.isSubject {
                catchUp.held.append(stanza)
                room.set(.catchingUp(catchUp), of: occupant)
                if catchUp.held.count >= limits.heldMessages { finish(catchUp, of: occupant, room, now: now) }
                return
            }
        }
        if stanza.isSubject {
            guard note(subjectOf: stanza, occupant) else { return }
        } else {
            note(stanza, occupant, room, now: now)
        }
        pass()
    }

    /// "Not acceptable": the room does not know the sender. It has been made anew since, and the next join is looked
    /// at as if the link had just come up.
    private func messageError(_ error: StanzaError, from: JID, _ room: RemoteRoom) {
        let isStranger = error.condition == .notAcceptable || error.condition == .itemNotFound
        if from.isBare, isStranger, room.readiness.isReady { room.readiness = .unknown }
        pass()
    }

    private func answer(_ stanza: Stanza, _ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        guard case .catchingUp(var catchUp) = occupant.phase else {
            // The answer to a question that we have given up is nobody's.
            if stanza.isRequest || !CatchUp.isOurs(stanza.id) { pass() }
            return
        }
        switch catchUp.answer(stanza, now: now) {
        case .unconcerned: pass()
        case .ask(let next):
            room.set(.catchingUp(catchUp), of: occupant)
            send(next)
        case .done: finish(catchUp, of: occupant, room, now: now)
        case .failed:
            // The archive is not for us after all: once more, with history.
            room.found.hasArchive = false
            finish(catchUp, of: occupant, room, now: now)
            rejoin(occupant, room, now: now)
        }
    }

    // MARK: What a visitor has seen

    func note(_ message: Stanza, _ occupant: RemoteOccupant, _ room: RemoteRoom, now: Int64) {
        let key = SeenMessages.key(of: message, room: room.jid)
        if let id = message.stanzaID(by: room.jid) { occupant.lastID = id }
        if message.isDelayed {
            // Out of order: it may not have a place after what others have seen since.
            occupant.place = max(occupant.place, room.seen.place(of: key) ?? 0)
            if !room.found.hasArchive { occupant.noteHistory(key, limits: limits) }
        } else {
            occupant.place = max(occupant.place, room.seen.note(key))
            occupant.lastHeard = now
            room.lastActivity = now
        }
    }

    func hasSeen(_ message: Stanza, _ occupant: RemoteOccupant, _ room: RemoteRoom) -> Bool {
        let key = SeenMessages.key(of: message, room: room.jid)
        if let place = room.seen.place(of: key), place <= occupant.place { return true }
        return occupant.history.contains(key)
    }

    /// Whether the subject is news: a room tells it again to whoever rejoins, as the end of the join (XEP-0045 §7.2.15).
    private func note(subjectOf message: Stanza, _ occupant: RemoteOccupant) -> Bool {
        var hasher = Hasher()
        for subject in message.payload where subject.name == "subject" { hasher.combine(subject.text) }
        let subject = hasher.finalize()
        let isKnown = occupant.isReturning && subject == occupant.subject
        occupant.isReturning = false
        occupant.subject = subject
        return !isKnown
    }
}
