import XMPP

/// Which handler of which room a stanza is for.
extension MUCService {
    func presence(_ stanza: Stanza, from session: JID, room localpart: String, now: Int64) throws(StanzaError) {
        let room = rooms[localpart]
        switch stanza.type {
        case nil:
            if stanza.child("lurk", Namespace.lurk) != nil, stanza.child("x", Namespace.muc) != nil {
                try lurk(stanza, from: session, room: localpart, now: now)
            } else if let room, let occupant = room.occupant(of: session) {
                try room.update(stanza, of: occupant, session: session, now: now)
            } else {
                try join(stanza, from: session, room: localpart, now: now)
            }
        case "unavailable": room?.leave(stanza, session: session)
        case "error": room?.bounced(stanza, session: session)
        // A probe changes nothing, and there is nothing to subscribe to.
        default: return
        }
        if let room { settle(room) }
    }

    func message(_ stanza: Stanza, from session: JID, to: JID, room localpart: String, now: Int64) throws(StanzaError) {
        guard let room = rooms[localpart] else { throw .itemNotFound("There is no such room.") }
        if stanza.isError {
            room.bounced(stanza, session: session)
            settle(room)
        } else if let nick = to.resource {
            try room.privateMessage(stanza, session: session, to: nick)
        } else if stanza.type == "groupchat" {
            try room.groupchat(stanza, session: session, now: now)
        } else if try !reported(stanza, from: session, in: room, now: now) {
            try room.message(stanza, session: session, now: now)
        }
    }

    func iq(_ stanza: Stanza, from session: JID, to: JID, room localpart: String, now: Int64) throws(StanzaError) {
        guard let room = rooms[localpart] else {
            // To an occupant: not-acceptable, since a self-ping takes item-not-found for "still inside" (XEP-0410 §3.1).
            throw to.isFull ? .notAcceptable("Join the room first.") : .itemNotFound("There is no such room.")
        }
        if let nick = to.resource {
            try room.relay(stanza, session: session, to: nick)
        } else if try !command(stanza, from: session, in: room, now: now) {
            try room.request(stanza, session: session, now: now)
            settle(room)
        }
    }

    /// XEP-0045 §7.2. Presence without `<x/>` of somebody who is not inside is no join: that was the protocol of 1999.
    /// Today it is a client that does not know that it is out, and gets to know it.
    private func join(_ stanza: Stanza, from session: JID, room localpart: String, now: Int64) throws(StanzaError) {
        guard let nick = stanza.to?.resource else { throw .jidMalformed("Join with a nick: room@service/nick.") }
        guard stanza.child("x", Namespace.muc) != nil else { throw .notAcceptable("Join the room first.") }
        try requireMembership(of: session, in: rooms[localpart])
        let limits = settings.limits
        // A room is only made for somebody who will be let in.
        try NickRules.requirePortable(NickRules.prepare(nick, maximumLength: limits.nickLength), limits)
        let room: Room
        let isNew = rooms[localpart] == nil
        if let existing = rooms[localpart] {
            room = existing
        } else {
            try requireNotBanned(session, room: localpart)
            room = try makeRoom(stanza, localpart: localpart, creator: session, now: now)
        }
        // Refused or not: a room that was made for a newcomer who is kept out must not stay as if somebody were inside.
        defer { settle(room) }
        try room.join(stanza, session: session, isNew: isNew, now: now)
    }

    /// Reading without a nick. The room of a page is made for that; who makes a room of their own has to join it.
    private func lurk(_ stanza: Stanza, from session: JID, room localpart: String, now: Int64) throws(StanzaError) {
        try requireMembership(of: session, in: rooms[localpart])
        let room: Room
        if let existing = rooms[localpart] {
            room = existing
        } else {
            try requireNotBanned(session, room: localpart)
            room = try makeRoom(stanza, localpart: localpart, creator: session, isRead: true, now: now)
        }
        defer { settle(room) }
        try room.lurk(stanza, session: session, now: now)
    }

    private func requireMembership(of session: JID, in room: Room?) throws(StanzaError) {
        guard room?.isInside(session) != true else { return }
        guard !MUCLimits.isReached(settings.limits.roomsPerSession, by: context.memberships.rooms(of: session).count)
        else {
            throw .resourceConstraint("You are in as many rooms as one session may be in.")
        }
    }
}
