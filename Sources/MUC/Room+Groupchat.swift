import XMPP

/// Messages to all occupants (XEP-0045 §7.4).
extension Room {
    func groupchat(_ stanza: Stanza, session: JID, now: Int64) throws(StanzaError) {
        let occupant = try requireOccupant(session)
        if isSubjectChange(stanza) {
            return try changeSubject(stanza, by: occupant, now: now)
        }
        guard occupant.role.hasVoice else { throw .forbidden("You have no voice in this room.") }

        guard try lets(stanza, pass: occupant, now: now) else { return }
        try utter(stanza, by: occupant, now: now)
    }

    /// Reflects what an occupant says.
    func utter(_ stanza: Stanza, by occupant: Occupant, now: Int64) throws(StanzaError) {
        try noteRetraction(stanza, by: occupant, now: now)
        let message = reflection(of: stanza, by: occupant, now: now)
        broadcast(message, to: audience.all.elements)
        // Chat states, receipts and reactions are of no use to who was not there.
        guard message.hasChild("body") else { return }
        history.append(message, room: jid, at: now)
        lastMessage = now
    }

    /// What the room makes of a message: the sender's id and payload, the room's address and ids.
    func reflection(of stanza: Stanza, by occupant: Occupant, now: Int64) -> Stanza {
        var message = passed(stanza, by: occupant)
        message.payload.append(
            Element("stanza-id", Namespace.stanzaIDs, ["by": jid.description, "id": context.ids.next(now: now)]))
        return message
    }

    /// A message as it reaches others: `from` is the nick, nothing is forged, the occupant id is ours (XEP-0421 §3.2).
    func passed(_ stanza: Stanza, by occupant: Occupant) -> Stanza {
        var message = stanza
        message.from = occupant.address
        message.to = nil
        message.removeChildren(where: isReserved)
        message.payload.append(occupant.occupantID)
        return message
    }
}
