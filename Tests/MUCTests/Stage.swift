import XMPP

@testable import MUC

/// A service, a clock that stands still until it is moved, and the mailboxes of everybody.
final class Stage {
    static let service = "rooms.verona.example"

    let service: MUCService
    let policy = StagePolicy()
    /// Milliseconds since 1970: 2026-11-22T16:00:00Z.
    var now: Int64 = 1_795_363_200_000
    private var inboxes: [JID: [Stanza]] = [:]
    /// What the rooms wanted kept, by localpart.
    private(set) var changes: [String: [RoomChange]] = [:]
    /// What the rooms wanted of the archive and nobody has done yet.
    var requests: [ArchiveRequest] = []
    /// What moderators wanted kept.
    private(set) var records: [ModerationRecord] = []
    private(set) var lastOutcome = MUCOutcome.handled([])
    /// Whether each stanza is a turn of the loop for itself.
    var endsTurns = true

    convenience init(
        admins: [String] = [], archive: Bool = false, isArchiveOpen: Bool = false,
        _ change: (inout MUCLimits) -> Void = { _ in }
    ) {
        var limits = MUCLimits()
        change(&limits)
        var settings = MUCSettings(
            service: Self.jid(Self.service), name: "Verona", admins: Set(admins.map(Self.jid)), limits: limits)
        settings.isArchived = archive
        settings.isArchiveOpen = isArchiveOpen
        self.init(settings)
    }

    init(_ settings: MUCSettings) {
        service = MUCService(settings: settings, policy: policy)
    }

    static func jid(_ text: String) -> JID {
        guard let jid = JID(text) else { preconditionFailure("\(text) is no JID") }
        return jid
    }

    /// `jid`: full. The same person in two places is two actors.
    func actor(_ jid: String) -> Actor { Actor(stage: self, jid: Self.jid(jid)) }

    func room(_ localpart: String = "balcony") -> Room? { service.rooms[localpart] }

    func receive(_ stanza: Stanza) {
        lastOutcome = service.handle(stanza, now: now)
        deliver(lastOutcome.effects)
    }

    func endTurn() {
        deliver(service.endTurn())
    }

    func deliver(_ effects: [MUCEffect]) {
        take(effects)
        if endsTurns { take(service.endTurn()) }
    }

    private func take(_ effects: [MUCEffect]) {
        for effect in effects {
            switch effect {
            case .send(let stanza):
                guard let to = stanza.to else { continue }
                inboxes[to, default: []].append(stanza)
            case .broadcast(var stanza, let recipients):
                for to in recipients {
                    stanza.to = to
                    inboxes[to, default: []].append(stanza)
                }
            case .shared(let stanzas, let recipients):
                for to in recipients {
                    for shared in stanzas {
                        var stanza = shared.stanza
                        stanza.to = to
                        inboxes[to, default: []].append(stanza)
                    }
                }
            case .changed(let change, let room): changes[room.localpart ?? "", default: []].append(change)
            case .archive(let request): requests.append(request)
            case .moderation(let record): records.append(record)
            }
        }
    }

    func take(_ jid: JID) -> [Stanza] {
        defer { inboxes[jid] = nil }
        return inboxes[jid] ?? []
    }

    func putBack(_ stanzas: [Stanza], to jid: JID) {
        if !stanzas.isEmpty { inboxes[jid] = stanzas + (inboxes[jid] ?? []) }
    }

    /// Everybody who was sent anything that nobody has looked at.
    var waiting: [JID] { Array(inboxes.keys) }
}

/// Admits what a test says.
final class StagePolicy: RoomPolicy {
    var origin: (String, RoomClaim?, Bool) -> RoomOrigin? = { _, _, _ in .user }
    var admitsInvitations = true
    /// By the localpart of the person.
    var hats: [String: [Hat]] = [:]
    var avatar: RoomAvatar?
    private(set) var claims: [RoomClaim?] = []
    /// What the service makes of people, by bare JID, and the nicks that are theirs.
    var standings: [String: Standing] = [:]
    var nicks: [String: String] = [:]
    /// What it makes of them beyond one room, by bare JID, and the sites of rooms by localpart.
    var offices: [String: Office] = [:]
    var sites: [String: String] = [:]

    func admitRoom(
        localpart: String, claim: RoomClaim?, creator: JID, isAdmin: Bool
    ) throws(StanzaError) -> RoomOrigin {
        claims.append(claim)
        guard let origin = origin(localpart, claim, isAdmin) else { throw .notAllowed("Only pages have rooms.") }
        return origin
    }

    func occupantID(of bareJID: JID, in room: JID) -> String {
        "id-of-\(bareJID.localpart ?? "")-in-\(room.localpart ?? "")"
    }

    func admitInvitation(of invitee: JID, by inviter: JID, affiliation: Affiliation) throws(StanzaError) {
        guard admitsInvitations else { throw .forbidden() }
    }

    func hats(of bareJID: JID, in room: JID, pageURL: String?) -> [Hat] { hats[bareJID.localpart ?? ""] ?? [] }

    func avatar(of room: JID, pageURL: String?) -> RoomAvatar? { avatar }
}
