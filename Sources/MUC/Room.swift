import XMPP

/// A room (XEP-0045): who is in it, what was said, what is allowed. Each feature of the specification is a file of its
/// own, `Room+Join.swift` and so on.
///
/// Handlers throw what refuses the stanza before they change anything, and leave what they have to say in the effects
/// of the context.
final class Room {
    /// Whether others may come in (XEP-0045 §10.1).
    enum Opening {
        case open
        /// Open too; but its owner has only just made it, and may ask for the form. Since then, in milliseconds.
        case fresh(since: Int64)
        /// The owner looks at the form.
        case locked(since: Int64)
    }

    /// The bare JID.
    let jid: JID
    let localpart: String
    let context: RoomContext
    var configuration: RoomConfiguration
    /// How it was configured when it was made; nil for one that was kept, which must not forget that.
    private let asMade: RoomConfiguration?
    /// Who has a lasting affiliation, by bare JID. Who has a standing with the service needs no entry.
    private(set) var affiliations: [JID: AffiliationEntry] = [:]
    /// Who has reserved which nick (XEP-0045 §7.10).
    private(set) var reservedNicks: [String: JID] = [:]

    /// By nick.
    private(set) var occupants: [String: Occupant] = [:]
    /// By full JID.
    private(set) var sessions: [JID: Occupant] = [:]
    /// Those of them whom the others were told of: what newcomers hear of a crowd.
    private(set) var shown = IndexedList<Occupant>()
    /// Who is here without a nick.
    private(set) var readers = Readers()
    private(set) var audience = Audience()
    var arrivals = Arrivals()
    /// What is said now is for a newcomer alone.
    var isWelcoming = false
    /// What those who wanted to know were told last about how many are here.
    var toldCount: Element?
    /// Who comes is told to the others when it speaks (`MUCLimits.quietAbove`).
    private(set) var isQuiet = false

    var history: History
    var speech = Speech()
    var invitations = Invitations()
    var voiceRequests = VoiceRequests()
    var opening = Opening.open
    /// Nobody is inside, and nobody comes in any more.
    var isDestroyed = false
    /// Whether the service lists the room at present.
    var isListed = false
    /// The message that set the subject, with its delay; nil when nobody has set one.
    var subject: Stanza?
    /// When the last message was sent, in milliseconds since 1970.
    var lastMessage: Int64?
    /// Whether the archive has the room's state, or is about to; else it gets the whole of it with the next change.
    var isKept = false

    init(jid: JID, localpart: String, origin: RoomOrigin, creator: JID, context: RoomContext, now: Int64) {
        self.jid = jid
        self.localpart = localpart
        self.context = context
        history = History(limits: context.limits)
        switch origin {
        case .page(let url, let name):
            configuration = RoomConfiguration(name: name.prefix(bytes: context.limits.nameLength))
            configuration.pageURL = url
            configuration.isPersistent = true
        case .user:
            let name = JIDEscaping.unescape(localpart).prefix(bytes: context.limits.nameLength)
            configuration = RoomConfiguration(name: name)
            affiliations[creator.bare] = AffiliationEntry(.owner, since: now)
            opening = .fresh(since: now)
        }
        configuration.isLogged = context.settings.isArchived
        asMade = configuration
    }

    /// A room as it was kept.
    init(_ state: RoomState, jid: JID, context: RoomContext) {
        self.jid = jid
        localpart = state.localpart
        self.context = context
        history = History(limits: context.limits)
        configuration = state.configuration
        asMade = nil
        isKept = true
        affiliations = state.affiliations
        subject = state.subject
        lastMessage = state.lastMessage
        for (person, entry) in affiliations {
            if let nick = entry.nick { reservedNicks[nick] = person }
        }
    }

    var state: RoomState {
        RoomState(
            localpart: localpart, configuration: configuration, affiliations: affiliations, subject: subject,
            lastMessage: lastMessage)
    }

    var limits: MUCLimits { context.limits }
    var isEmpty: Bool { occupants.isEmpty && readers.isEmpty }
    /// Whether the room holds anything that a new one in its place would not.
    var hasMemory: Bool {
        history.count > 0 || subject != nil || !affiliations.isEmpty || configuration != asMade
    }
    var summary: RoomSummary {
        RoomSummary(
            name: configuration.name, occupants: occupants.count, readers: readers.count, lastActivity: lastMessage)
    }

    func occupant(of session: JID) -> Occupant? { sessions[session] }

    /// The occupant behind a session.
    ///
    /// - Throws: `not-acceptable` for a stranger (XEP-0045 §7.4, §7.5).
    func requireOccupant(_ session: JID) throws(StanzaError) -> Occupant {
        guard let occupant = sessions[session] else {
            throw .notAcceptable(
                isReader(session) ? "You only read here. Join with a nick first." : "Join the room first.")
        }
        return occupant
    }

    func isReader(_ session: JID) -> Bool { audience.readers.contains(session) }
    /// Whether a session is here, with a nick or without.
    func isInside(_ session: JID) -> Bool { audience.all.contains(session) }

    func affiliation(of person: JID) -> Affiliation {
        let standing = standing(of: person)?.affiliation
        // Who has a place from the service itself is beyond bans: it is taken back where it was given.
        if standing == nil, ban(of: person) != nil { return .outcast }
        return max(affiliations[person]?.affiliation ?? .none, standing ?? .outcast)
    }

    /// Puts somebody into the lists of the room, or takes them out.
    func setEntry(_ entry: AffiliationEntry?, of person: JID) {
        guard affiliations[person] != entry else { return }
        if let nick = affiliations[person]?.nick, reservedNicks[nick] == person { reservedNicks[nick] = nil }
        affiliations[person] = entry
        if let nick = entry?.nick { reservedNicks[nick] = person }
        keep(.affiliation(person, entry))
    }

    // MARK: The one place where occupants come and go

    func enter(_ occupant: Occupant) {
        occupants[occupant.nick] = occupant
        for session in occupant.sessions { register(session.jid, of: occupant) }
    }

    func enter(_ session: Occupant.Session, of occupant: Occupant) {
        occupant.add(session)
        register(session.jid, of: occupant)
    }

    func exit(_ occupant: Occupant) {
        occupants[occupant.nick] = nil
        shown.remove(occupant)
        for session in occupant.sessions { unregister(session.jid) }
    }

    func exit(_ session: JID, of occupant: Occupant) {
        occupant.remove(session)
        unregister(session)
    }

    func rename(_ occupant: Occupant, to nick: String, address: JID) {
        occupants[occupant.nick] = nil
        occupant.rename(to: nick, address: address)
        occupants[nick] = occupant
    }

    /// Whether the service shows the room to strangers.
    var mayBeListed: Bool { configuration.isPublic && !isLocked && !isDestroyed }
    var isLocked: Bool { if case .locked = opening { true } else { false } }

    func setRole(_ role: Role, of occupant: Occupant) {
        occupant.role = role
        audience.move(occupant.sessionJIDs, isModerator: occupant.isModerator)
    }

    /// Notes whether the others know that an occupant is here.
    func show(_ occupant: Occupant, _ isShown: Bool) {
        occupant.isShown = isShown
        if isShown { shown.append(occupant) } else { shown.remove(occupant) }
    }

    func enter(reader session: JID, now: Int64) {
        readers.enter(session, now: now)
        register(session, as: .reader)
    }

    func exit(reader session: JID) {
        readers.leave(session)
        unregister(session)
    }

    func count(for session: JID) {
        audience.count(for: session)
    }

    private func register(_ session: JID, of occupant: Occupant) {
        sessions[session] = occupant
        register(session, as: occupant.isModerator ? .moderator : .participant)
    }

    private func register(_ session: JID, as place: Audience.Place) {
        audience.enter(session, as: place)
        arrivals.enter(session)
        context.memberships.enter(session, room: localpart)
        followCrowd()
    }

    private func unregister(_ session: JID) {
        sessions[session] = nil
        audience.leave(session)
        arrivals.leave(session)
        context.memberships.leave(session, room: localpart)
        followCrowd()
    }

    /// Follows how many are here. A room that has fallen silent stays so until it is a fifth smaller, lest it changes its
    /// mind with everybody who comes and goes.
    private func followCrowd() {
        context.changedCrowds.insert(localpart)
        let limit = limits.quietAbove
        if limit <= 0 || audience.all.count <= limit - limit / 5 {
            isQuiet = false
        } else if audience.all.count > limit {
            isQuiet = true
        }
    }
}
