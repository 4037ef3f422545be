import XMPP

/// Somebody in a room: a nick, and the sessions of one bare JID behind it.
///
/// Sessions of one person that join with the same nick are one occupant (XEP-0045 §7.2.8 leaves that to the service);
/// with different nicks they are two. The first session is the primary one: what others see is its presence and its
/// JID. Another becomes primary by sending presence of its own, or when the primary leaves.
final class Occupant {
    /// The bare JID that all sessions belong to.
    let person: JID
    /// `<occupant-id/>` (XEP-0421): the same after rejoining and renaming.
    let occupantID: Element
    private(set) var nick: String
    /// The room JID with the nick: the `from` of everything that others get from here.
    private(set) var address: JID
    var affiliation: Affiliation { didSet { forgetPresence() } }
    var role: Role { didSet { forgetPresence() } }
    /// When it came, as a reader perhaps, in milliseconds since 1970.
    var since: Int64?
    /// Milliseconds since 1970.
    var lastRename: Int64?
    /// `<hats/>` (XEP-0317), if the policy gives this person any.
    let hats: Element?
    /// A moderator took its voice.
    var isMuted = false
    /// The others were told that it is here (`Room.isToBeShown`). The room keeps it (`Room.show`).
    var isShown = false
    /// It has said something to all since it came.
    var isHeard = false
    private(set) var sessions: [Session] { didSet { forgetPresence() } }
    /// The presence that newcomers get, without and with the real JID, once it has been built: a room of a thousand
    /// sends it a thousand times.
    private var plainPresence: SharedStanza?
    private var fullPresence: SharedStanza?

    struct Session {
        let jid: JID
        /// What its last presence said: show, status, capabilities, ….
        var presence: [Element]
    }

    init(
        person: JID, occupantID: String, nick: String, address: JID, affiliation: Affiliation, role: Role,
        hats: [Hat], session: Session
    ) {
        self.person = person
        self.occupantID = Element("occupant-id", Namespace.occupantID, ["id": occupantID])
        self.nick = nick
        self.address = address
        self.affiliation = affiliation
        self.role = role
        let worn = hats.map { Element("hat", Namespace.hats, ["uri": $0.uri, "title": $0.title]) }
        self.hats = worn.isEmpty ? nil : Element("hats", Namespace.hats, worn)
        sessions = [session]
    }

    /// What others see.
    var presence: [Element] { sessions.first?.presence ?? [] }
    var primary: JID? { sessions.first?.jid }
    var sessionJIDs: [JID] { sessions.map(\.jid) }
    var isModerator: Bool { role == .moderator }

    func add(_ session: Session) {
        sessions.append(session)
    }

    func remove(_ jid: JID) {
        sessions.removeAll { $0.jid == jid }
    }

    func rename(to nick: String, address: JID) {
        self.nick = nick
        self.address = address
        forgetPresence()
    }

    /// The presence that others have seen last; built anew when something about the occupant has changed.
    func presence(showsJID: Bool, build: () -> Stanza) -> SharedStanza {
        if let built = showsJID ? fullPresence : plainPresence { return built }
        let shared = SharedStanza(build())
        if showsJID { fullPresence = shared } else { plainPresence = shared }
        return shared
    }

    private func forgetPresence() {
        plainPresence = nil
        fullPresence = nil
    }

    /// Notes what a session said without letting it speak for the occupant.
    func note(_ presence: [Element], from jid: JID) {
        guard let index = sessions.firstIndex(where: { $0.jid == jid }) else { return }
        sessions[index].presence = presence
    }

    /// Makes a session primary, with a new presence.
    func show(_ presence: [Element], from jid: JID) {
        guard let index = sessions.firstIndex(where: { $0.jid == jid }) else { return }
        sessions.remove(at: index)
        sessions.insert(Session(jid: jid, presence: presence), at: 0)
    }
}

/// By identity: names change.
extension Occupant: Hashable {
    static func == (left: Occupant, right: Occupant) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
