import XMPP

/// What we know about one room of somebody else's service.
final class RemoteRoom {
    enum Readiness {
        /// Nobody has looked since the link came up.
        case unknown
        /// Waits for the link, or for the keeper to have time.
        case queued
        case preparing(RoomPreparation)
        /// It failed, and is tried again at this time.
        case pausing(until: Int64)
        /// Visitors enter freely.
        case ready
        /// The service does not let us make it.
        case refused(StanzaError, until: Int64)
        /// A visitor had made it by arriving, and is destroying it again: the id of the request, and until when to
        /// wait for its answer.
        case reclaiming(id: String, deadline: Int64)

        var isReady: Bool { if case .ready = self { true } else { false } }
        var isReclaiming: Bool { if case .reclaiming = self { true } else { false } }
        /// Something is under way that ends by itself.
        var isBusy: Bool {
            switch self {
            case .queued, .preparing, .pausing, .reclaiming: true
            case .unknown, .ready, .refused: false
            }
        }
    }

    let jid: JID
    let localpart: String
    var readiness = Readiness.unknown
    /// What to make of it if it is gone.
    var plan: RoomPlan?
    var found = RoomPreparation.Room()
    /// The room that we made was gone, so the keeper stays in it.
    var mustStay = false
    var reclaims = 0
    /// When the last message came, in milliseconds since 1970.
    var lastActivity: Int64?
    var seen: SeenMessages

    private(set) var occupants: [JID: RemoteOccupant] = [:]
    /// Sessions of occupants that wait for something.
    private(set) var unsettled: Set<JID> = []
    /// Who is inside, as our visitors see it.
    private(set) var nicks: Set<String> = []
    /// Who was inside before the link broke, less our visitors who are to come back: what the clients of those who have
    /// not rejoined yet show.
    private(set) var nicksBefore: Set<String> = []
    private let maximumNicks: Int

    init(jid: JID, localpart: String, limits: RemoteMUCLimits) {
        self.jid = jid
        self.localpart = localpart
        maximumNicks = limits.nicksPerRoom
        seen = SeenMessages(capacity: limits.rememberedMessages)
    }

    /// Occupants that are in, as far as everybody is concerned.
    var hasSettled: Bool { occupants.count > unsettled.count }

    func enter(_ occupant: RemoteOccupant) {
        occupants[occupant.session] = occupant
        note(occupant)
    }

    func exit(_ occupant: RemoteOccupant) {
        occupants[occupant.session] = nil
        unsettled.remove(occupant.session)
        // It does not come back, and those who do have to hear of it.
        if occupant.phase.isReturning, !unsettled.isEmpty { nicksBefore.insert(occupant.nick) }
    }

    func note(_ occupant: RemoteOccupant) {
        guard occupants[occupant.session] === occupant else { return }
        if case .joined = occupant.phase {
            unsettled.remove(occupant.session)
        } else {
            unsettled.insert(occupant.session)
        }
        if unsettled.isEmpty { nicksBefore = [] }
    }

    // MARK: Who is inside

    func appeared(_ nick: String) {
        if nicks.count < maximumNicks { nicks.insert(nick) }
    }

    /// - Parameter session: Whose own presence says so; another session of ours may still have that nick.
    func disappeared(_ nick: String, of session: JID?) {
        if let session {
            let isShared = occupants.values.contains { other in
                other.session != session && other.nick == nick && other.session.bare == session.bare
                    && other.phase.isInside
            }
            if isShared { return }
        }
        nicks.remove(nick)
    }

    /// The link is down: nobody sees anybody come or go.
    func linkWentDown() {
        let ours = occupants.values.lazy.filter(\.phase.isReturning).map(\.nick)
        nicksBefore = nicksBefore.union(nicks).subtracting(ours)
        nicks = []
    }

    /// Nobody of ours is inside to see anybody.
    func forgetNicks() {
        nicks = []
        nicksBefore = []
    }

    /// Who has gone while the link was down.
    var goneNicks: [String] { nicksBefore.filter { !nicks.contains($0) } }
}
