import XMPP

/// A multi-user chat service (XEP-0045): the rooms of one domain.
///
/// Sans-I/O: stanzas and the time go in, effects come out, and the caller delivers them when the call has returned. The
/// caller vouches for the `from` of every stanza, and reports every session that ended without leaving its rooms.
package final class MUCService {
    let context: RoomContext
    private(set) var rooms: [String: Room] = [:]
    /// Localparts of rooms with somebody inside: what disco#items shows first.
    private(set) var occupied = IndexedList<String>()
    private(set) var idle = IdleRooms()
    /// Localparts of the rooms that anybody may hear of, open or not.
    private(set) var listed = SortedNames()
    private(set) var shelf = RoomShelf()
    var loads = RoomLoads()
    /// Rooms whose state could not be stored; they stay until it can.
    var unsaved: Set<String> = []
    /// What waits for the room of the staff.
    var staffReports: [StaffReport] = []

    package init(settings: MUCSettings, policy: any RoomPolicy) {
        context = RoomContext(settings: settings, policy: policy)
    }

    package var settings: MUCSettings { context.settings }

    /// Handles a stanza that is addressed to the service's domain. Errors and IQ results are never answered.
    ///
    /// - Parameters:
    ///   - stanza: With the sender's full JID as `from`.
    ///   - now: Milliseconds since 1970.
    package func handle(_ stanza: Stanza, now: Int64) -> MUCOutcome {
        guard let from = stanza.from, let to = stanza.to, to.domain == settings.service.domain else {
            return .handled([])
        }
        followTime(now)
        do throws(StanzaError) {
            if to.localpart == nil, try command(stanza, from: from, in: nil, now: now) {
                return .handled(context.takeEffects())
            }
            guard let localpart = to.localpart else { return try handleAtService(stanza) }
            if try !awaitsRoom(stanza, from: from, room: localpart, now: now) {
                try handle(stanza, from: from, to: to, room: localpart, now: now)
            }
        } catch {
            refuse(stanza, error)
        }
        return .handled(context.takeEffects())
    }

    /// Handles a stanza for a room that is here, or is nowhere.
    func handle(_ stanza: Stanza, from: JID, to: JID, room localpart: String, now: Int64) throws(StanzaError) {
        // Whoever goes is let go.
        if stanza.mayBeAnswered, stanza.kind != .presence || stanza.type != "unavailable" {
            try rooms[localpart]?.requireFlow()
        }
        switch stanza.kind {
        case .presence: try presence(stanza, from: from, room: localpart, now: now)
        case .message: try message(stanza, from: from, to: to, room: localpart, now: now)
        case .iq: try iq(stanza, from: from, to: to, room: localpart, now: now)
        }
    }

    func refuse(_ stanza: Stanza, _ error: StanzaError) {
        if let answer = stanza.error(error, by: stanza.to?.bare) { context.effects.append(.send(answer)) }
    }

    /// A session is gone without having left its rooms.
    ///
    /// - Parameter isReachable: Its own copies of the presence may still arrive; else nothing is sent to it.
    package func sessionEnded(
        _ session: JID, _ reason: SessionEnd, isReachable: Bool = false, now: Int64
    ) -> [MUCEffect] {
        loads.drop(session)
        for localpart in context.memberships.rooms(of: session) {
            guard let room = rooms[localpart] else { continue }
            room.drop(session, status: reason.status, isReachable: isReachable)
            settle(room)
        }
        return context.takeEffects()
    }

    /// Empties all rooms, since the service ends: every occupant gets its own presence with 332 (XEP-0045 §15.6.2).
    ///
    /// What still waits for the archive is not said any more; messages among it are in the history after the restart.
    package func shutdown(now: Int64) -> [MUCEffect] {
        context.outboxes = [:]
        for room in rooms.values where !room.isEmpty {
            room.shutDown()
            settle(room)
        }
        return context.takeEffects()
    }

    /// What may be told about a room to anybody; nil when there is none of that localpart.
    package func summary(localpart: String) -> RoomSummary? { rooms[localpart]?.summary ?? shelf[localpart] }

    /// Rooms there are, empty ones too.
    package var roomCount: Int { rooms.count }
    /// Sessions that are in a room, or in several.
    package var sessionCount: Int { context.memberships.count }
    /// Rooms with somebody inside.
    package var occupiedRoomCount: Int { occupied.count }

    // MARK: Rooms come and go

    /// Makes a room for somebody who joins one that does not exist (XEP-0045 §10.1), if the policy admits it.
    ///
    /// - Parameter isRead: Somebody wants to read only, which makes nobody an owner.
    func makeRoom(
        _ stanza: Stanza, localpart: String, creator: JID, isRead: Bool = false, now: Int64
    ) throws(StanzaError) -> Room {
        guard let jid = stanza.to?.bare else { throw .jidMalformed() }
        let origin = try context.policy.admitRoom(
            localpart: localpart, claim: RoomClaim(stanza), creator: creator,
            isAdmin: settings.admins.contains(creator.bare))
        if isRead, case .user = origin { throw .itemNotFound("There is no such room.") }
        try makePlace()
        unshelve(localpart)
        let room = Room(jid: jid, localpart: localpart, origin: origin, creator: creator, context: context, now: now)
        rooms[localpart] = room
        return room
    }

    /// What is to be kept of a room; nil when there is none of that localpart.
    package func state(localpart: String) -> RoomState? { rooms[localpart]?.state }

    /// Makes a room as it was kept, with what was said last. One that is there already stays as it is.
    ///
    /// - Throws: `jid-malformed` when no address can be made of the localpart; `resource-constraint` when there are as
    ///   many rooms as may be, and all are in use.
    package func restore(_ state: RoomState, history: [ArchivedMessage] = []) throws(StanzaError) {
        guard rooms[state.localpart] == nil else { return }
        guard let jid = JID(localpart: state.localpart, domain: settings.service.domain) else { throw .jidMalformed() }
        try makePlace()
        unshelve(state.localpart)
        let room = Room(state, jid: jid, context: context)
        for message in history { room.history.append(message.stanza, room: jid, at: message.time) }
        rooms[state.localpart] = room
        settle(room)
    }

    /// The room that has been empty longest makes place when there are as many as may be.
    private func makePlace() throws(StanzaError) {
        guard MUCLimits.isReached(settings.limits.rooms, by: rooms.count) else { return }
        guard let longestIdle = idle.popLongestIdle() else {
            throw .resourceConstraint("There are as many rooms as this service holds, and all are in use.")
        }
        let room = rooms[longestIdle]
        forget(longestIdle)
        guard let room, context.settings.isArchived, room.isKept, room.mayBeListed else { return }
        if shelf.put(room.summary, longestIdle) { listed.insert(longestIdle) }
    }

    /// Takes the public rooms that the archive has: once, after the start.
    package func remember(_ rooms: [(localpart: String, summary: RoomSummary)]) {
        listed.insert(shelf.fill(rooms) { self.rooms[$0] != nil })
    }

    /// A room that is open speaks for itself.
    private func unshelve(_ localpart: String) {
        if shelf.take(localpart) { listed.remove(localpart) }
    }

    private func forget(_ localpart: String) {
        occupied.remove(localpart)
        idle.remove(localpart)
        listed.remove(localpart)
        rooms[localpart] = nil
    }

    /// Follows what a handler has done to a room: an empty one is kept for what it remembers; it goes when that is
    /// nothing, or when it is temporary.
    func settle(_ room: Room) {
        guard rooms[room.localpart] === room else { return }
        guard !room.isDestroyed else {
            forget(room.localpart)
            shelf.noteDestroyed(room.localpart)
            // What could not be stored may have replaced something that was.
            if unsaved.remove(room.localpart) != nil { room.isKept = true }
            return room.keep(.destroyed)
        }
        defer { list(room) }
        guard room.isEmpty else {
            occupied.append(room.localpart)
            idle.remove(room.localpart)
            return
        }
        occupied.remove(room.localpart)
        // What it said or decided last is not stored yet: it must not come back without that.
        guard context.outboxes[room.localpart] == nil, !unsaved.contains(room.localpart) else {
            return idle.remove(room.localpart)
        }
        if room.configuration.isPersistent, room.hasMemory {
            idle.insert(room.localpart)
        } else {
            forget(room.localpart)
            if !room.configuration.isPersistent { room.keep(.destroyed) }
        }
    }

    /// Follows whether strangers may hear of a room.
    private func list(_ room: Room) {
        let mayBeListed = room.mayBeListed && rooms[room.localpart] === room
        guard room.isListed != mayBeListed else { return }
        room.isListed = mayBeListed
        if mayBeListed { listed.insert(room.localpart) } else { listed.remove(room.localpart) }
    }
}
