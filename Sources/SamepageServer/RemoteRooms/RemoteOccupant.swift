import XMPP

/// One visitor's session in one remote room, an occupant of its own.
final class RemoteOccupant {
    /// How far the visitor is in.
    enum Phase {
        /// The join is held until the room is ready.
        case waiting(join: Stanza, plan: RoomPlan, deadline: Int64)
        /// The join has been sent.
        case joining(join: Stanza, plan: RoomPlan, deadline: Int64)
        case joined
        /// In the room as the client sees it; the link broke, or the room has to be made again. Without a deadline
        /// while the link is down.
        case away(deadline: Int64?)
        /// Joining again on the client's behalf.
        case rejoining(deadline: Int64)
        /// In again, and what was missed is on its way.
        case catchingUp(CatchUp)

        /// The client believes to be in the room.
        var isInside: Bool {
            switch self {
            case .waiting, .joining: false
            case .joined, .away, .rejoining, .catchingUp: true
            }
        }

        /// The room has said that the visitor is in.
        var isSettled: Bool {
            switch self {
            case .joined, .catchingUp: true
            case .waiting, .joining, .away, .rejoining: false
            }
        }

        /// The client believes to be in, and the room does not yet know again.
        var isReturning: Bool { isInside && !isSettled }

        /// The service believes so, or is about to.
        var isSent: Bool {
            switch self {
            case .waiting, .away: false
            case .joining, .joined, .rejoining, .catchingUp: true
            }
        }
    }

    /// Waits outside while another tab of the same visitor changes the nick of both.
    struct Following {
        /// The session of that tab.
        let leader: JID
        /// What was asked for.
        let nick: String
    }

    let session: JID
    /// The nick that was asked for, and then the one that the room gave.
    var nick: String
    fileprivate(set) var phase: Phase
    /// What the last presence said, to be said again when rejoining.
    var presence: [Element] = []
    var password: String?
    /// Milliseconds since 1970.
    var lastRename: Int64?
    /// The place of the last message seen, in the room's `SeenMessages`.
    var place: UInt64 = 0
    /// The room's id of the last message that has one.
    var lastID: String?
    /// When the last message came, or the room was entered: milliseconds since 1970.
    var lastHeard: Int64
    /// History that a room without an archive has told, the latest last, so that it is known when told again.
    private(set) var history: [String] = []
    /// Until when a join is tried, should the room be gone when it arrives.
    var joinUntil: Int64 = 0
    /// Until when rejoining is tried.
    var rejoinUntil: Int64?
    /// A hash of the subject that the client knows.
    var subject: Int?
    /// Rejoined on the client's behalf: what it has of history and subject, it is not to get again.
    var isReturning = false
    var following: Following?
    /// The client was told that the link is down.
    var isTold = false

    init(session: JID, nick: String, phase: Phase, now: Int64) {
        self.session = session
        self.nick = nick
        self.phase = phase
        lastHeard = now
    }

    /// Keeps what has to be said again when rejoining, unless it is too much.
    func remember(_ stanza: Stanza, limits: RemoteMUCLimits) {
        let payload = stanza.payload.filter { $0.namespace != Namespace.muc }
        let size = payload.reduce(0) { $0 + $1.serialized.count }
        presence = size <= limits.presenceSize ? payload : []
        guard let join = stanza.child("x", Namespace.muc) else { return }
        let password = join.child("password", Namespace.muc)?.text
        self.password = password.flatMap { $0.utf8.count <= limits.passwordSize ? $0 : nil }
    }

    func noteHistory(_ key: String, limits: RemoteMUCLimits) {
        if history.count >= limits.rememberedHistory { history.removeFirst() }
        history.append(key)
    }

    func isRenameAllowed(now: Int64, interval: Int64) -> Bool {
        guard interval > 0, let lastRename else { return true }
        // A clock that was set back must not lock the nick.
        return now < lastRename || now - lastRename >= interval
    }
}

extension RemoteRoom {
    /// The one place where a phase changes, so that the room knows who is not settled.
    func set(_ phase: RemoteOccupant.Phase, of occupant: RemoteOccupant) {
        occupant.phase = phase
        note(occupant)
    }
}
