import MUC
import XMPP

/// Several tabs of one visitor under one nick. To the service they are sessions of one bare JID, which it takes for one
/// occupant; what it lets each of them do alone, it does to all here.
///
/// A new nick: Prosody and ejabberd give it to the session that asks, and show a second person. So the others leave first,
/// which nobody notices while one stays; the one that asked goes by the new nick, which everybody sees as a change; and
/// the others come back under it. Their clients hear of the change and are in all the time.
extension RemoteMUC {
    /// A visitor asks for another nick: the other tabs step aside.
    func stepAside(for leader: RemoteOccupant, to nick: String, _ room: RemoteRoom, now: Int64) {
        for other in room.siblings(of: leader) {
            if case .catchingUp(let catchUp) = other.phase { finish(catchUp, of: other, room, now: now) }
            send(leave(other, room))
            other.lastRename = leader.lastRename
            other.following = RemoteOccupant.Following(leader: leader.session, nick: nick)
            set(.away(deadline: now + limits.answerTimeout), of: other, in: room)
        }
    }

    /// The leader's own presence under its old nick: it has the new one.
    func follow(_ leader: RemoteOccupant, to nick: String, _ presence: Stanza, _ room: RemoteRoom) {
        for other in room.followers(of: leader) {
            other.nick = nick
            other.following = RemoteOccupant.Following(leader: leader.session, nick: nick)
            var copy = presence
            copy.to = other.session
            deliver(copy)
        }
    }

    /// It is decided, whichever way: the others come back under the nick that they have.
    ///
    /// - Parameter nick: Whose presence says so; a service may have told of the old one in between. Nil: it is decided for
    ///   another reason.
    func regather(after leader: RemoteOccupant, nick: String?, _ room: RemoteRoom) {
        for other in room.followers(of: leader) where nick == nil || other.following?.nick == nick {
            comeBack(other, room)
        }
    }

    func comeBack(_ occupant: RemoteOccupant, _ room: RemoteRoom) {
        occupant.following = nil
        if isUp { rejoinQueue.append((room.localpart, occupant.session)) }
    }

    /// The leader was taken out of the room: so is the person.
    func takeOut(withLeader leader: RemoteOccupant, _ presence: Stanza, _ room: RemoteRoom) {
        for other in room.followers(of: leader) {
            other.following = nil
            var copy = presence
            copy.to = other.session
            deliver(copy)
            remove(other, from: room)
        }
    }
}

extension RemoteRoom {
    /// Who else is in as this occupant, in other tabs.
    func siblings(of occupant: RemoteOccupant) -> [RemoteOccupant] {
        occupants.values.filter {
            $0 !== occupant && $0.nick == occupant.nick && $0.session.bare == occupant.session.bare
                && $0.phase.isSettled
        }
    }

    func followers(of leader: RemoteOccupant) -> [RemoteOccupant] {
        guard !unsettled.isEmpty else { return [] }
        return unsettled.compactMap { occupants[$0] }.filter { $0.following?.leader == leader.session }
    }
}
