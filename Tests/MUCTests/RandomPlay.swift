import SeededTesting
import XMPP

@testable import MUC

/// The actors of `RandomOperationsTests`, and what each session believes about the rooms from what it was sent.
final class RandomPlay {
    private let stage: Stage
    private var random: SeededGenerator
    private let sessions: [Actor]
    private let rooms = ["balcony", "crypt", "market", "chapel"]
    private let batches: Bool
    private let nicks = ["Romeo", "Juliet", "Nurse", "Tybalt", "Paris"]
    /// By session and room: the nicks it was told to be there; nil when it was not told to be there itself.
    private var views: [JID: [String: Set<String>]] = [:]
    private(set) var refusals = 0
    private(set) var presences = 0
    private var strangers: [String] = []
    private(set) var readings = 0

    /// - Parameters:
    ///   - batches: Turns of the loop have several acts, by chance.
    ///   - quietAbove: As in `MUCLimits`.
    init(seed: UInt64, batches: Bool = false, quietAbove: Int = 0) {
        random = SeededGenerator(seed: seed)
        self.batches = batches
        let stage = Stage(admins: ["p0@verona.example"]) { limits in
            limits.rooms = 3
            limits.roomsPerSession = 2
            limits.occupantsPerRoom = 4
            limits.sessionsPerOccupant = 2
            limits.history = 5
            limits.readersPerRoom = 3
            limits.quietAbove = quietAbove
        }
        stage.endsTurns = !batches
        stage.policy.origin = { localpart, _, _ in
            localpart == "balcony" ? .user : .page(url: "https://verona.example/", name: localpart)
        }
        self.stage = stage
        sessions = (0..<4).flatMap { person in
            ["desk", "phone", "tab"].map { stage.actor("p\(person)@verona.example/\($0)") }
        }
    }

    private func any<Element>(_ list: [Element]) -> Element { list[Int.random(in: 0..<list.count, using: &random)] }

    /// One random act; what it was, for the report of a fault.
    func act() -> String {
        let actor = any(sessions)
        let room = any(rooms)
        let nick = any(nicks)
        stage.now += Int64.random(in: 0...4_000, using: &random)
        let kind = Int.random(in: 0..<120, using: &random)
        switch kind {
        case 0..<35: actor.joins(nick, room: room)
        case 35..<50:
            let away = Element("show", Namespace.client, text: any(["away", "dnd"]))
            actor.does(.presence, to: "\(room)/\(nick)", Bool.random(using: &random) ? [away] : [])
        case 50..<60: actor.does(.presence, "unavailable", to: "\(room)/\(nick)")
        case 60..<72: actor.does(.message, "groupchat", to: room, [.body("word")])
        case 72..<77: actor.does(.message, "chat", to: "\(room)/\(nick)", [.body("word")])
        case 77..<80: end(actor)
        case 80..<83:
            let gone = Element("error", Namespace.client, [Element("gone", Namespace.stanzaErrors)])
            actor.does(.message, "error", to: "\(room)/\(nick)", [gone])
        case 83..<91: moderate(actor, room, ["nick": nick, "role": any(Role.allCases).rawValue])
        case 91..<97:
            let person = any(sessions).jid.bare.description
            moderate(actor, room, ["jid": person, "affiliation": any(Affiliation.allCases).rawValue])
        case 97..<103: configure(actor, room)
        case 103:
            let destroy = Element("destroy", Namespace.mucOwner)
            actor.asks(Element("query", Namespace.mucOwner, [destroy]), of: room, type: "set")
        case 104..<106: actor.does(.iq, "get", id: "q", to: "\(room)/\(nick)", [Element("ping", Namespace.ping)])
        case 106..<116: actor.lurks(room: room)
        case 116..<118: actor.lurksNoMore(room: room)
        default: stage.deliver(stage.service.tellCrowds())
        }
        if batches, Bool.random(using: &random) { stage.endTurn() }
        listen()
        return "\(kind) \(actor.jid) \(room)/\(nick)"
    }

    private func end(_ actor: Actor) {
        actor.ends(any([.left, .errored]))
        views[actor.jid] = nil
    }

    private func configure(_ actor: Actor, _ room: String) {
        let flags = [
            "muc#roomconfig_membersonly", "muc#roomconfig_moderatedroom", "members_by_default",
            "muc#roomconfig_persistentroom",
        ]
        if Bool.random(using: &random) {
            actor.configures([any(flags): any(["0", "1"])], room: room)
        } else if Bool.random(using: &random) {
            actor.configures(["muc#roomconfig_whois": any(["moderators", "anyone"])], room: room)
        } else {
            let roles = ["moderator", "participant", "visitor"].filter { _ in Bool.random(using: &random) }
            var form = DataForm(.submit, type: Namespace.mucRoomConfig)
            form.fields = [DataForm.Field("muc#roomconfig_presencebroadcast", roles)]
            actor.asks(Element("query", Namespace.mucOwner, [form.element]), of: room, type: "set")
        }
    }

    private func moderate(_ actor: Actor, _ room: String, _ item: KeyValuePairs<String, String?>) {
        let query = Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, item)])
        actor.does(.iq, "set", id: "q", to: room, [query])
    }

    /// Every session takes what it was sent and believes it.
    private func listen() {
        for session in sessions {
            for stanza in session.gets() {
                if stanza.isError { refusals += 1 }
                guard let room = stanza.from?.localpart, !stanza.isError else { continue }
                switch stanza.kind {
                case .presence: believe(stanza, session.jid, room)
                case .message where stanza.type == "groupchat" && views[session.jid]?[room] == nil:
                    strangers.append("\(session.jid) hears \(room) from outside")
                default: break
                }
            }
        }
    }

    /// What a session believes of a room after presence of the room itself; nil when it is an occupant's.
    private func reading(_ stanza: Stanza, _ session: JID, _ room: String) -> Set<String>?? {
        guard stanza.child("lurk", Namespace.lurk) != nil, stanza.from?.isBare == true else { return nil }
        readings += 1
        return .some(stanza.type == "unavailable" ? nil : views[session]?[room] ?? [])
    }

    private func believe(_ stanza: Stanza, _ session: JID, _ room: String) {
        presences += 1
        if let view = reading(stanza, session, room) {
            views[session, default: [:]][room] = view
            return
        }
        guard let nick = stanza.from?.resource, let user = stanza.child("x", Namespace.mucUser) else { return }
        let codes = user.children.filter { $0.name == "status" }.compactMap { $0["code"] }
        var view = views[session]?[room] ?? []
        if stanza.type == "unavailable" {
            if views[session]?[room] == nil { strangers.append("\(session) sees \(nick) leave \(room) from outside") }
            view.remove(nick)
            let isOut = codes.contains("110") && !codes.contains("303")
            views[session, default: [:]][room] = isOut ? nil : view
        } else {
            view.insert(nick)
            views[session, default: [:]][room] = view
        }
    }

    /// The first thing that is not as it must be.
    func fault() -> String? {
        if let first = strangers.first { return first }
        guard !stage.service.hasArrivals else { return nil }
        if stage.service.roomCount > 3 { return "too many rooms" }
        var told = views
        for room in stage.service.rooms.values {
            if let fault = fault(in: room) { return fault }
            for session in Array(room.sessions.keys) + room.audience.readers.elements {
                let view = told[session]?[room.localpart]
                // One sees oneself, and whoever is shown.
                let shown = room.occupants.values.filter { $0.isShown || $0 === room.sessions[session] }.map(\.nick)
                guard view == Set(shown) else {
                    return "\(session) believes \(view ?? []) of \(room.localpart), where \(shown) are"
                }
                told[session]?[room.localpart] = nil
            }
            if room.isEmpty, !room.hasMemory { return "\(room.localpart) stays for nothing" }
            if room.mayBeListed != stage.service.listed.contains(room.localpart) {
                return "\(room.localpart) is listed wrong"
            }
            if room.isEmpty == stage.service.occupied.contains(room.localpart) {
                return "\(room.localpart) is booked wrong"
            }
            if room.isEmpty != stage.service.idle.contains(room.localpart) {
                return "\(room.localpart) is idle or is not"
            }
        }
        for (session, rooms) in told {
            if let room = rooms.keys.first { return "\(session) believes to be in \(room)" }
        }
        return nil
    }

    private func fault(in room: Room) -> String? {
        let people = room.occupants.values.flatMap { occupant in occupant.sessionJIDs.map { ($0, occupant) } }
        guard people.count == room.sessions.count, people.allSatisfy({ room.sessions[$0.0] === $0.1 }) else {
            return "sessions and occupants of \(room.localpart) differ"
        }
        let reading = room.audience.readers.elements
        guard Set(room.audience.all.elements) == Set(room.sessions.keys).union(reading),
            room.audience.all.count == room.sessions.count + reading.count
        else { return "the audience of \(room.localpart) is not its sessions" }
        let moderators = Set(people.filter { $0.1.isModerator }.map(\.0))
        guard Set(room.audience.moderators.elements) == moderators,
            Set(room.audience.participants.elements) == Set(room.sessions.keys).subtracting(moderators)
        else { return "the moderators of \(room.localpart) are not those who are told JIDs" }
        guard Set(room.shown.elements) == Set(room.occupants.values.filter(\.isShown)) else {
            return "the list of those who are shown in \(room.localpart) is wrong"
        }
        for (session, occupant) in people {
            guard session.bare == occupant.person else { return "\(session) is not \(occupant.person)" }
            guard stage.service.context.memberships.rooms(of: session).contains(room.localpart) else {
                return "\(session) is in \(room.localpart) without membership"
            }
        }
        for (nick, occupant) in room.occupants {
            // Who comes into a crowd may stay unseen, and appears when it is smaller with its next presence or by and by.
            let isWanted = room.configuration.shownRoles.contains(occupant.role)
            guard isWanted == occupant.isShown || (isWanted && stage.service.settings.limits.quietAbove > 0) else {
                return "\(nick) of \(room.localpart) is shown, or is not, against the configuration"
            }
            guard occupant.nick == nick, occupant.address.resource == nick, !occupant.sessions.isEmpty,
                occupant.role != .none, occupant.affiliation != .outcast,
                occupant.affiliation == room.affiliation(of: occupant.person)
            else { return "\(nick) of \(room.localpart) is not in order" }
        }
        return nil
    }
}
