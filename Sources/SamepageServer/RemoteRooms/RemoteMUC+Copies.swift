import XMPP

/// What a room says to all its occupants comes once for each of ours. What is the same for all is looked at once.
extension RemoteMUC {
    /// To somebody who is settled in the room, and about nothing that needs more than to be noted. What happens is what
    /// `fromService` would do.
    func passes(copyOf stanza: RepeatedStanza, to session: JID, now: Int64) -> Bool {
        guard let broadcast = broadcast(stanza, now: now), rooms[broadcast.room.localpart] === broadcast.room,
            let occupant = broadcast.room.occupants[session], case .joined = occupant.phase
        else { return false }
        let room = broadcast.room
        switch broadcast.content {
        case .message(let place, let id):
            if let id { occupant.lastID = id }
            occupant.place = max(occupant.place, place)
            occupant.lastHeard = now
            room.lastActivity = now
        case .presence(let nick):
            room.appeared(nick)
        case .departure(let nick):
            guard nick != occupant.nick else { return false }
            room.disappeared(nick, of: nil)
        }
        return true
    }

    private func broadcast(_ stanza: RepeatedStanza, now: Int64) -> RoomBroadcast? {
        if let known = broadcasts.first(where: { $0.stanza === stanza }) { return known }
        guard let content = stanza.stanza, let from = content.from, let localpart = from.localpart,
            let room = rooms[localpart], let broadcast = RoomBroadcast(stanza, content, from: from, room)
        else { return nil }
        if broadcasts.count >= RoomBroadcast.capacity { broadcasts.removeLast() }
        broadcasts.insert(broadcast, at: 0)
        return broadcast
    }
}

/// A stanza of a room of which copies come, and what they have in common.
struct RoomBroadcast {
    enum Content {
        /// A message with its place among those that were seen, and the room's id for it.
        case message(place: UInt64, id: String?)
        /// Somebody is there.
        case presence(nick: String)
        /// Somebody has gone.
        case departure(nick: String)
    }

    /// Rooms that may speak at the same time.
    static let capacity = 4

    let stanza: RepeatedStanza
    let room: RemoteRoom
    let content: Content

    /// Nil for what is for one occupant, or has consequences.
    init?(_ stanza: RepeatedStanza, _ content: Stanza, from: JID, _ room: RemoteRoom) {
        guard !content.isError else { return nil }
        switch content.kind {
        case .message:
            guard content.isGroupchat, !content.isSubject, !content.isDelayed,
                content.child("result", Namespace.mam) == nil
            else { return nil }
            let place = room.seen.note(SeenMessages.key(of: content, room: room.jid))
            self.content = .message(place: place, id: content.stanzaID(by: room.jid))
        case .presence:
            let presence = MUCPresence(content)
            guard let nick = from.resource, presence.statuses.isDisjoint(with: ["110", "201", "303"]) else {
                return nil
            }
            switch content.type {
            case nil: self.content = .presence(nick: nick)
            case "unavailable": self.content = .departure(nick: nick)
            default: return nil
            }
        case .iq: return nil
        }
        self.stanza = stanza
        self.room = room
    }
}
