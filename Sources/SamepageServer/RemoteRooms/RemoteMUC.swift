import MUC
import XMPP

/// Rooms on somebody else's MUC service (docs/ARCHITECTURE.md, "Remote rooms"): stands between our visitors and that
/// service.
///
/// - **Nobody of ours ever owns a room.** Before a visitor enters a room that nobody has looked at since the link came
///   up, the keeper sees to it (`RoomPreparation`), and joins wait meanwhile. A visitor that made a room by arriving all
///   the same (201) destroys it again, and the keeper makes it properly.
/// - **Every visitor is an occupant of its own.** Apart from joins, stanzas pass through; what is needed to bring a visitor
///   back is noted on the way.
/// - **A broken link throws nobody out.** Visitors are told, rejoin when it is back, and get what they have missed.
///
/// Sans-I/O, like `MUCService`. Each concern is a file of its own, `RemoteMUC+Join.swift` and so on.
final class RemoteMUC: RemoteRooms {
    let settings: RemoteMUCSettings
    let policy: any RoomPolicy
    private(set) var rooms: [String: RemoteRoom] = [:]
    /// Which rooms each session is in.
    private(set) var memberships = Memberships()
    /// Rooms without visitors.
    private var idle = IdleRooms()
    /// Localparts of rooms where something is under way or somebody waits: all that `tick` looks at.
    var active: Set<String> = []
    private(set) var occupantCount = 0
    private(set) var waitingCount = 0

    var isUp = false
    /// Rooms that the keeper is to see to, in turn.
    var preparationQueue: [String] = []
    var preparationCount = 0
    /// Who is to rejoin, in turn.
    var rejoinQueue: [(room: String, session: JID)] = []
    var rejoinsInFlight = 0
    /// What this tick may still send to bring visitors back.
    var rejoinBudget: Int
    /// Stanzas of which copies came last, the latest first.
    var broadcasts: [RoomBroadcast] = []
    /// The service does not let us make rooms, and the operator has been told.
    var isCreationDenied = false

    private var effects: [RemoteRoomsEffect] = []
    private var lastSerial: UInt64 = 0

    init(settings: RemoteMUCSettings, policy: any RoomPolicy) {
        self.settings = settings
        self.policy = policy
        rejoinBudget = settings.limits.rejoinsPerTick
    }

    var limits: RemoteMUCLimits { settings.limits }
    var tickInterval: Int64 { limits.tickInterval }
    var census: (rooms: Int, occupants: Int) { (rooms.count, occupantCount) }

    // MARK: RemoteRooms

    func fromVisitor(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect] {
        guard let session = stanza.from, let to = stanza.to, let localpart = to.localpart else { return [.pass] }
        do throws(StanzaError) {
            switch stanza.kind {
            case .presence: try presenceOfVisitor(stanza, session: session, room: localpart, now: now)
            case .message, .iq: try requestOfVisitor(stanza, session: session, to: to, room: localpart)
            }
        } catch {
            answer(stanza, error, by: to.bare)
        }
        return takeEffects()
    }

    func fromService(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect] {
        guard let from = stanza.from, let to = stanza.to else { return [.pass] }
        if to.bare == settings.keeper.bare {
            toKeeper(stanza, from: from, now: now)
        } else if let localpart = from.localpart {
            toOccupant(stanza, from: from, session: to, room: localpart, now: now)
        } else {
            return [.pass]
        }
        return takeEffects()
    }

    /// Leaves all rooms. The service is told by presence alone (XEP-0045 §7.14): how a connection ended is our affair.
    func sessionEnded(_ session: JID, _ end: SessionEnd, now: Int64) -> [RemoteRoomsEffect] {
        for localpart in memberships.rooms(of: session) {
            guard let room = rooms[localpart], let occupant = room.occupants[session] else { continue }
            if occupant.phase.isSent { send(leave(occupant, room)) }
            remove(occupant, from: room)
        }
        return takeEffects()
    }

    func linkChanged(isUp: Bool, now: Int64) -> [RemoteRoomsEffect] {
        if isUp { linkCameUp(now: now) } else { linkWentDown(now: now) }
        return takeEffects()
    }

    func tick(now: Int64) -> [RemoteRoomsEffect] {
        rejoinBudget = limits.rejoinsPerTick
        for localpart in active {
            guard let room = rooms[localpart] else {
                active.remove(localpart)
                continue
            }
            expire(room, now: now)
            settle(room)
        }
        proceed(now: now)
        return takeEffects()
    }

    /// Everybody leaves: visitors are told with 332 (XEP-0045 §15.6.2), the service with presence.
    func shutdown(now: Int64) -> [RemoteRoomsEffect] {
        for room in rooms.values {
            for occupant in room.occupants.values {
                if occupant.phase.isSent, isUp { send(leave(occupant, room)) }
                if occupant.phase.isInside { deliver(departure(of: occupant, room, status: "332", text: nil)) }
                remove(occupant, from: room)
            }
            dismissKeeper(from: room)
        }
        return takeEffects()
    }

    /// As our visitors see it; nil when none of them is inside.
    func summary(localpart: String) -> RoomSummary? {
        guard let room = rooms[localpart], room.hasSettled else { return nil }
        let keeper = room.found.keeperNick.map { room.nicks.contains($0) ? 1 : 0 } ?? 0
        return RoomSummary(
            name: room.found.name ?? JIDEscaping.unescape(localpart), occupants: room.nicks.count - keeper,
            lastActivity: room.lastActivity)
    }

    // MARK: Rooms and occupants come and go

    func makeRoom(_ jid: JID, localpart: String) throws(StanzaError) -> RemoteRoom {
        if MUCLimits.isReached(limits.rooms, by: rooms.count) {
            guard let longestIdle = idle.popLongestIdle() else {
                throw .resourceConstraint("There are as many rooms as this server holds, and all are in use.")
            }
            if let room = rooms.removeValue(forKey: longestIdle) { dismissKeeper(from: room) }
        }
        let room = RemoteRoom(jid: jid.bare, localpart: localpart, limits: limits)
        rooms[localpart] = room
        return room
    }

    func insert(_ occupant: RemoteOccupant, into room: RemoteRoom) {
        room.enter(occupant)
        occupantCount += 1
        memberships.enter(occupant.session, room: room.localpart)
        idle.remove(room.localpart)
        if case .waiting = occupant.phase { waitingCount += 1 }
        active.insert(room.localpart)
    }

    /// The occupant is no concern of ours any more; nobody is told.
    func remove(_ occupant: RemoteOccupant, from room: RemoteRoom) {
        count(occupant.phase, -1)
        if occupant.phase.isReturning, isUp { tellOthers(isLost: occupant, room) }
        regather(after: occupant, nick: nil, room)
        room.exit(occupant)
        occupantCount -= 1
        memberships.leave(occupant.session, room: room.localpart)
        settle(room)
    }

    func set(_ phase: RemoteOccupant.Phase, of occupant: RemoteOccupant, in room: RemoteRoom) {
        count(occupant.phase, -1)
        room.set(phase, of: occupant)
        count(phase, 1)
        active.insert(room.localpart)
    }

    private func count(_ phase: RemoteOccupant.Phase, _ change: Int) {
        switch phase {
        case .waiting: waitingCount += change
        case .rejoining: rejoinsInFlight += change
        case .joining, .joined, .away, .catchingUp: break
        }
    }

    /// Remembers, or forgets, a room that nobody of ours is in.
    func settle(_ room: RemoteRoom) {
        if room.unsettled.isEmpty, !room.readiness.isBusy { active.remove(room.localpart) }
        guard room.occupants.isEmpty, rooms[room.localpart] === room else { return }
        room.forgetNicks()
        switch room.readiness {
        case .queued, .preparing, .pausing, .reclaiming: return
        case .refused: idle.insert(room.localpart)
        // A page room where the keeper stays must not lose its history because everybody has gone home.
        case .ready where room.found.isLasting || (room.found.keeperNick != nil && room.plan?.isPage == true):
            idle.insert(room.localpart)
        case .unknown, .ready:
            dismissKeeper(from: room)
            forget(room)
        }
    }

    func forget(_ room: RemoteRoom) {
        rooms[room.localpart] = nil
        idle.remove(room.localpart)
        active.remove(room.localpart)
    }

    private func dismissKeeper(from room: RemoteRoom) {
        guard let nick = room.found.keeperNick else { return }
        room.found.keeperNick = nil
        guard isUp, let address = room.jid.with(resource: nick) else { return }
        send(Stanza(.presence, type: "unavailable", from: settings.keeper, to: address))
    }

    // MARK: Saying something

    func pass() { effects.append(.pass) }

    func send(_ stanza: Stanza) { effects.append(.toService(stanza)) }

    func send(_ stanzas: [Stanza]) {
        for stanza in stanzas { send(stanza) }
    }

    func deliver(_ stanza: Stanza) { effects.append(.toVisitor(stanza)) }

    func notice(_ text: String) { effects.append(.notice(text)) }

    /// Refuses a visitor's stanza, where an answer is allowed.
    func answer(_ stanza: Stanza, _ error: StanzaError, by room: JID) {
        if let reply = stanza.error(error, by: room) { deliver(reply) }
    }

    func leave(_ occupant: RemoteOccupant, _ room: RemoteRoom) -> Stanza {
        let address = room.jid.with(resource: occupant.nick) ?? room.jid
        return Stanza(.presence, type: "unavailable", from: occupant.session, to: address)
    }

    /// What tells a client that it is out of the room.
    func departure(of occupant: RemoteOccupant, _ room: RemoteRoom, status: String?, text: String?) -> Stanza {
        var user = Element(
            "x", Namespace.mucUser, [Element("item", Namespace.mucUser, ["affiliation": "none", "role": "none"])])
        for code in ["110", status].compactMap(\.self) {
            user.append(Element("status", Namespace.mucUser, ["code": code]))
        }
        let address = room.jid.with(resource: occupant.nick) ?? room.jid
        var stanza = Stanza(.presence, type: "unavailable", from: address, to: occupant.session, [user])
        if let text { stanza.payload.append(Element("status", Namespace.client, text: text)) }
        return stanza
    }

    /// Makes ids of requests that are used once.
    func newSerial() -> UInt64 {
        lastSerial &+= 1
        return lastSerial
    }

    private func takeEffects() -> [RemoteRoomsEffect] {
        defer { effects = [] }
        return effects
    }
}
