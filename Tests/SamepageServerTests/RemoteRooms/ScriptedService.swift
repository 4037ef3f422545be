import Testing
import XMPP

@testable import SamepageServer

/// A MUC service as our link sees it, small but with the habits of the real ones.
final class ScriptedService {
    enum Flavor: String, CaseIterable, CustomTestStringConvertible {
        /// Prosody 0.12: locks a new room until it is configured; stanza ids only outside of archived messages;
        /// `item-not-found` for an archive id that it does not know.
        case prosody
        /// ejabberd 23.01: locks nothing; sends presence of the room itself; no 110 in the last presence of a destroyed
        /// room; begins with the oldest message when it does not know the id; fields of its own in the form.
        case ejabberd

        var testDescription: String { rawValue }
    }

    final class Room {
        var name = ""
        var description = ""
        var isPersistent = false
        var isLocked = false
        var affiliations: [JID: String] = [:]
        /// In the order in which they came.
        var occupants: [(session: JID, nick: String)] = []
        var archive: [(id: String, message: Stanza, time: Int64)] = []
        var subject: String = ""
    }

    let flavor: Flavor
    let domain = "conference.verona.example"
    var rooms: [String: Room] = [:]
    /// What was received, for a test to look at.
    private(set) var received: [Stanza] = []
    /// Answers nothing.
    var isSilent = false
    var creationError: StanzaError?
    var offersPersistence = true
    /// Says that rooms are persistent, and forgets them all the same.
    var forgetsRooms = false
    var refusesConfiguration = false
    var hasArchive = true
    private var output: [Stanza] = []
    private var lastID = 0
    var now: Int64 = 0

    init(_ flavor: Flavor) {
        self.flavor = flavor
    }

    func address(_ room: String, _ nick: String? = nil) -> JID {
        Playhouse.jid(nick.map { "\(room)@\(domain)/\($0)" } ?? "\(room)@\(domain)")
    }

    func takeReceived() -> [Stanza] {
        defer { received = [] }
        return received
    }

    /// A stanza of ours; what the service says to us.
    func handle(_ stanza: Stanza) -> [Stanza] {
        received.append(stanza)
        guard !isSilent, let from = stanza.from, let to = stanza.to, let room = to.localpart else { return [] }
        switch stanza.kind {
        case .presence where stanza.type == nil: presence(stanza, from: from, room: room, nick: to.resource ?? "")
        case .presence: leave(from, room: room)
        case .message where stanza.isError: leave(from, room: room)
        case .message: message(stanza, from: from, room: room)
        case .iq: if stanza.isRequest { request(stanza, from: from, room: room) }
        }
        defer { output = [] }
        return output
    }

    /// Something that somebody does on the service's side; what we are told.
    func act(_ body: (ScriptedService) -> Void) -> [Stanza] {
        body(self)
        defer { output = [] }
        return output
    }

    // MARK: In and out

    func presence(_ stanza: Stanza, from: JID, room localpart: String, nick: String) {
        let isNew = rooms[localpart] == nil
        if isNew, let creationError { return say(stanza.error(creationError)) }
        let room = rooms[localpart] ?? Room()
        if room.isLocked, room.affiliations[from.bare] != "owner" { return say(stanza.error(.itemNotFound())) }
        if room.affiliations[from.bare] == "outcast" { return say(stanza.error(StanzaError(.forbidden))) }
        if room.occupants.contains(where: { $0.nick == nick && $0.session.bare != from.bare }) {
            return say(stanza.error(StanzaError(.conflict)))
        }
        let old = room.occupants.first { $0.session == from }?.nick
        if isNew {
            rooms[localpart] = room
            room.affiliations[from.bare] = "owner"
            room.isLocked = flavor == .prosody
        }
        if let old, old != nick { return rename(from, old, nick, localpart, room) }
        if old == nil { room.occupants.append((from, nick)) }
        guard let join = stanza.child("x", Namespace.muc) else {
            for occupant in room.occupants { say(appearance(of: from, nick, localpart, to: occupant.session)) }
            return
        }
        if flavor == .ejabberd {
            let capabilities = Element("c", "http://jabber.org/protocol/caps")
            say(Stanza(.presence, from: address(localpart), to: from, [capabilities]))
        }
        for other in room.occupants where other.session != from {
            say(appearance(of: other.session, other.nick, localpart, to: from))
            if old == nil { say(appearance(of: from, nick, localpart, to: other.session)) }
        }
        say(appearance(of: from, nick, localpart, to: from, isNew ? ["201"] : []))
        history(join, from, localpart, room)
        say(Stanza(.message, type: "groupchat", from: address(localpart), to: from, [subject(room)]))
    }

    /// Sessions of one person under one nick are one occupant; a session that goes its own way shows a second one.
    private func rename(_ session: JID, _ old: String, _ nick: String, _ localpart: String, _ room: Room) {
        if let index = room.occupants.firstIndex(where: { $0.session == session }) { room.occupants[index].nick = nick }
        let isSplit = isShared(old, by: session, room)
        for occupant in room.occupants {
            guard !isSplit || occupant.session == session else {
                say(appearance(of: session, nick, localpart, to: occupant.session))
                continue
            }
            var gone = appearance(of: session, old, localpart, to: occupant.session, ["303"])
            gone.type = "unavailable"
            gone.payload = gone.payload.map { child in
                var user = child
                user.nodes = child.children.map { part in
                    .element(part.name == "item" ? Self.item("none", "none", nick) : part)
                }
                return user
            }
            say(gone)
            say(appearance(of: session, nick, localpart, to: occupant.session))
        }
    }

    private func isShared(_ nick: String, by session: JID, _ room: Room) -> Bool {
        room.occupants.contains { $0.nick == nick && $0.session != session && $0.session.bare == session.bare }
    }

    func leave(_ session: JID, room localpart: String, _ statuses: [String] = []) {
        guard let room = rooms[localpart], let index = room.occupants.firstIndex(where: { $0.session == session })
        else { return }
        let nick = room.occupants[index].nick
        let isShared = isShared(nick, by: session, room)
        for occupant in room.occupants {
            guard !isShared || occupant.session == session else {
                // Prosody says again what the others show.
                let isOwn = occupant.nick == nick
                if flavor == .prosody {
                    say(appearance(of: session, nick, localpart, to: occupant.session, isOwn ? ["110"] : []))
                }
                continue
            }
            var gone = appearance(of: session, nick, localpart, to: occupant.session, statuses)
            gone.type = "unavailable"
            say(gone)
        }
        room.occupants.remove(at: index)
        if room.occupants.isEmpty, !room.isPersistent || forgetsRooms { rooms[localpart] = nil }
    }

    private func history(_ join: Element, _ session: JID, _ localpart: String, _ room: Room) {
        let request = join.child("history", Namespace.muc)
        guard request?["maxchars"] != "0" else { return }
        let since = request?["since"].flatMap(DateTime.milliseconds) ?? .min
        for entry in room.archive where entry.time >= since {
            var message = entry.message
            message.to = session
            message.payload.append(
                Element(
                    "delay", Namespace.delay,
                    ["from": address(localpart).description, "stamp": DateTime.string(milliseconds: entry.time)]))
            if hasArchive { message.payload.append(stanzaID(entry.id, localpart)) }
            say(message)
        }
    }

    // MARK: Messages

    func message(_ stanza: Stanza, from session: JID, room localpart: String) {
        guard let room = rooms[localpart], let sender = room.occupants.first(where: { $0.session == session }) else {
            return say(stanza.error(.notAcceptable(), by: address(localpart)))
        }
        lastID += 1
        var message = stanza
        message.from = address(localpart, sender.nick)
        room.archive.append(("archived-\(lastID)", message, now))
        if hasArchive { message.payload.append(stanzaID("archived-\(lastID)", localpart)) }
        for occupant in room.occupants {
            message.to = occupant.session
            say(message)
        }
    }

    // MARK: Pieces

    func say(_ stanza: Stanza?) {
        guard let stanza, stanza.to?.domain == "web.verona.example" else { return }
        output.append(stanza)
    }

    func stanzaID(_ id: String, _ room: String) -> Element {
        Element("stanza-id", Namespace.stanzaIDs, ["by": address(room).description, "id": id])
    }

    private func subject(_ room: Room) -> Element { Element("subject", Namespace.client, text: room.subject) }

    static func item(_ affiliation: String, _ role: String, _ nick: String? = nil) -> Element {
        Element("item", Namespace.mucUser, ["affiliation": affiliation, "role": role, "nick": nick])
    }

    func appearance(
        of session: JID, _ nick: String, _ room: String, to recipient: JID, _ statuses: [String] = []
    ) -> Stanza {
        let affiliation = rooms[room]?.affiliations[session.bare] ?? "none"
        var children = [Self.item(affiliation, affiliation == "owner" ? "moderator" : "participant")]
        for code in statuses + (session == recipient ? ["110"] : []) {
            children.append(Element("status", Namespace.mucUser, ["code": code]))
        }
        return Stanza(
            .presence, from: address(room, nick), to: recipient, [Element("x", Namespace.mucUser, children)])
    }
}
