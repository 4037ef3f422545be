import XMPP

/// What comes back from the archive, and the stanzas that wait for it.
extension MUCService {
    /// A message is stored, or could not be: what waited behind it is said, up to the next message that is on its way.
    ///
    /// The caller reports messages in the order in which their effects asked for them.
    package func stored(_ id: StanzaID, in localpart: String, isKept: Bool) -> [MUCEffect] {
        guard let (room, pending) = context.outboxes[localpart]?.take(id) else { return [] }
        context.backlog.remove(pending.size)
        if isKept {
            room.perform(.message(pending))
        } else if let refusal = pending.refusal {
            context.effects.append(.send(refusal))
        }
        while let (room, output) = context.outboxes[localpart]?.next() { room.perform(output) }
        if context.outboxes[localpart]?.isEmpty == true {
            context.outboxes[localpart] = nil
            if let room = rooms[localpart] { settle(room) }
        }
        return context.takeEffects()
    }

    /// A room has come from the archive, or there is none; what waited for it is handled as if it came now.
    package func loaded(
        _ localpart: String, _ result: Result<StoredRoom?, ArchiveUnavailable>, now: Int64
    ) -> [MUCEffect] {
        followTime(now)
        let waiting = loads.end(localpart)
        do throws(StanzaError) {
            switch result {
            case .success(let room?): try restore(room.state, history: room.history)
            case .success(nil): break
            case .failure: throw Room.archiveFailed
            }
        } catch {
            for each in waiting { refuse(each.stanza, error) }
            tellStaff(arrivedIn: localpart, now: now)
            return context.takeEffects()
        }
        tellStaff(arrivedIn: localpart, now: now)
        for each in waiting {
            guard let to = each.stanza.to else { continue }
            do throws(StanzaError) {
                try handle(each.stanza, from: each.session, to: to, room: localpart, now: now)
            } catch {
                refuse(each.stanza, error)
            }
        }
        return context.takeEffects()
    }

    /// An answer of the archive.
    package func found(_ answer: ArchiveAnswer, for ticket: ArchiveTicket) -> [MUCEffect] {
        guard let question = context.questions.take(ticket) else { return [] }
        question.room.answer(question, answer)
        return context.takeEffects()
    }

    /// The state of a room is stored, or a change of it could not be: then all of it is tried again at the next tick.
    package func saved(_ localpart: String, isKept: Bool) -> [MUCEffect] {
        guard let room = rooms[localpart] else { return [] }
        if isKept {
            guard unsaved.remove(localpart) != nil else { return [] }
        } else {
            room.isKept = false
            unsaved.insert(localpart)
        }
        settle(room)
        return context.takeEffects()
    }

    /// Gives up on what has waited too long for a room, and tries again what could not be stored; to be called about once
    /// a second.
    package func tick(now: Int64) -> [MUCEffect] {
        for localpart in unsaved where rooms[localpart]?.isKept == false { rooms[localpart]?.save() }
        for each in loads.expire(since: now - settings.limits.loadTimeout) { refuse(each.stanza, Room.archiveIsBusy) }
        return context.takeEffects()
    }

    /// Whether a stanza waits for its room, which may be in the archive.
    ///
    /// Joins and requests to a room make it come. While it does, all that is addressed to it waits in order.
    func awaitsRoom(
        _ stanza: Stanza, from session: JID, room localpart: String, now: Int64
    ) throws(StanzaError) -> Bool {
        guard settings.isArchived, rooms[localpart] == nil else { return false }
        let isLoading = loads.contains(localpart)
        guard isLoading || Self.needsRoom(stanza) else { return false }
        guard stanza.mayBeAnswered else { return true }
        if stanza.kind == .presence, stanza.type == "unavailable" {
            loads.dropPresence(of: session, room: localpart)
            return true
        }
        let limits = settings.limits
        guard loads.backlog.admits(stanza.footprint, limits),
            isLoading || !MUCLimits.isReached(limits.archiveQueue, by: loads.count)
        else { throw Room.archiveIsBusy }
        if !isLoading {
            loads.begin(localpart)
            context.effects.append(.archive(.load(room: localpart)))
        }
        loads.append(stanza, from: session, room: localpart, now: now)
        return true
    }

    private static func needsRoom(_ stanza: Stanza) -> Bool {
        switch stanza.kind {
        case .presence: stanza.type == nil && stanza.child("x", Namespace.muc) != nil
        case .iq: stanza.isRequest && stanza.to?.isFull == false
        case .message: false
        }
    }
}
