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

    /// Reflects what an occupant says, and may say: once it is in the archive, if it is to be there.
    func utter(_ stanza: Stanza, by occupant: Occupant, now: Int64) throws(StanzaError) {
        let retraction = try retraction(in: stanza, by: occupant, now: now)
        if let kind = ArchivedMessage.Kind(of: stanza, isSubject: false) {
            try utter(stanza, by: occupant, kind, retracting: retraction, now: now)
        } else {
            hear(occupant)
            // No stanza-id: that would promise that the archive has it (XEP-0313 §3.4).
            broadcast(passed(stanza, by: occupant), to: audience.all.elements)
        }
    }

    /// Reflects what an occupant says to all who are here now, once it is in the archive.
    func utter(
        _ stanza: Stanza, by occupant: Occupant, _ kind: ArchivedMessage.Kind, retracting retraction: Retraction? = nil,
        now: Int64
    ) throws(StanzaError) {
        hear(occupant)
        let message = ArchivedMessage(
            id: context.ids.next(now: now), room: localpart, time: now, kind: kind, nick: occupant.nick,
            occupantID: occupant.occupantID["id"] ?? "", person: occupant.person,
            stanza: passed(stanza, by: occupant))
        try utter(message, refusal: stanza.error(Self.archiveFailed, by: jid), retraction)
    }

    /// The same for a message of the room itself, which comes without its `stanza-id`.
    ///
    /// - Parameter request: The IQ that asked for it, and is answered with it; nil when none did.
    func utter(
        _ stanza: Stanza, _ kind: ArchivedMessage.Kind, id: StanzaID, for request: Stanza? = nil,
        retracting retraction: Retraction? = nil, now: Int64
    ) throws(StanzaError) {
        let message = ArchivedMessage(
            id: id, room: localpart, time: now, kind: kind, nick: "", occupantID: "",
            person: nil, stanza: stanza)
        try utter(
            message, refusal: request?.error(Self.archiveFailed, by: jid), receipt: request?.result(), retraction)
    }

    private func utter(
        _ message: ArchivedMessage, refusal: Stanza?, receipt: Stanza? = nil, _ retraction: Retraction?
    ) throws(StanzaError) {
        var message = message
        message.stanza.payload.append(
            Element("stanza-id", Namespace.stanzaIDs, ["by": jid.description, "id": message.id.description]))
        try utter(
            Outbox.PendingMessage(
                message: message, recipients: audience.all.elements, refusal: refusal,
                receipt: receipt, size: message.stanza.footprint),
            retracting: retraction)
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
