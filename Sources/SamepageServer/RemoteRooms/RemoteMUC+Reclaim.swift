import XMPP

/// A room that was there a moment ago is gone, and a visitor has made a new one by arriving (201): it owns what nobody
/// of ours may own. It destroys the room (XEP-0045 §10.9), unseen by its client, and waits for the keeper to make it.
extension RemoteMUC {
    func reclaim(_ room: RemoteRoom, from occupant: RemoteOccupant, now: Int64) {
        let id = "reclaim-\(newSerial())"
        let destroy = Element("query", Namespace.mucOwner, [Element("destroy", Namespace.mucOwner)])
        send(Stanza(.iq, type: "set", id: id, from: occupant.session, to: room.jid, [destroy]))
        // What should last and does not is kept by the keeper's presence from now on.
        if room.found.isLasting { room.mustStay = true }
        room.reclaims += 1
        room.readiness = .reclaiming(id: id, deadline: now + limits.keeperTimeout)
        active.insert(room.localpart)

        let isHopeless = room.reclaims > limits.reclaims
        let error = StanzaError(.serviceUnavailable, .wait, "The chat service does not keep this room.")
        switch occupant.phase {
        case .joining(let join, let plan, _):
            if isHopeless { return refuse(occupant, join, error, room) }
            set(.waiting(join: join, plan: plan, deadline: now + limits.joinTimeout), of: occupant, in: room)
        case .rejoining, .joined, .catchingUp:
            if isHopeless { return lose(occupant, room, error.text) }
            sendAway(occupant, room, now: now)
        case .waiting, .away: break
        }
    }

    /// The answer to the request, whatever it says: a room that is still there is looked at like any other.
    func reclaimed(_ room: RemoteRoom, now: Int64) {
        room.readiness = .unknown
        if room.unsettled.isEmpty {
            settle(room)
        } else {
            prepare(room, now: now)
        }
    }
}
