import XMPP

/// Messages that moderators see before all others do.
extension Room {
    /// Whether somebody speaks for the first time where that is looked at.
    func isFirst(_ occupant: Occupant) -> Bool {
        guard configuration.moderation.holdsFirstMessages, !occupant.affiliation.isAtLeastMember else { return false }
        return !speech.speakers.isKnown(occupant.person) && !history.holds(occupant.occupantID)
    }

    func hold(_ stanza: Stanza, by occupant: Occupant, now: Int64) throws(StanzaError) {
        expireHeld(now: now)
        try speech.held.check(occupant, stanza, limits.moderation)
        let id = context.moderation.nextID()
        speech.held.append(id, stanza, by: occupant, now: now)

        // To its author as it will look, and that it waits; no id of ours, since it is not in the archive.
        let message = passed(stanza, by: occupant)
        var pending = message
        pending.payload.append(held(id, occupant))
        broadcast(pending, to: occupant.sessionJIDs)

        let body = stanza.child("body", Namespace.client)?.text ?? ""
        let notice = Stanza(
            .message, from: jid,
            [
                Element(
                    "body", Namespace.client,
                    text: "Message \(id) of \(occupant.nick) waits for a moderator: \(body.prefix(bytes: 500))"),
                held(id, occupant),
                Element("forwarded", Self.forward, [message.element]),
            ])
        broadcast(notice, to: audience.moderators.elements)
    }

    private static let forward = "urn:xmpp:forward:0"

    private func held(_ id: Int, _ occupant: Occupant) -> Element {
        Element("held", Namespace.moderationCommands, ["id": String(id), "nick": occupant.nick])
    }

    /// Lets a message through to everybody, as its author's who may have left; from then on that one is known.
    func release(_ id: Int, now: Int64) throws(StanzaError) -> HeldMessages.Entry {
        guard let entry = speech.held.entries.first(where: { $0.id == id }) else {
            throw .itemNotFound("That message does not wait any more.")
        }
        try utter(entry.stanza, by: entry.author, now: now)
        _ = speech.held.take(id)
        speech.speakers.know(entry.author.person, now: now)
        return entry
    }

    /// It will not be heard; its author is told so.
    func drop(_ id: Int) throws(StanzaError) -> HeldMessages.Entry {
        guard let entry = speech.held.take(id) else { throw .itemNotFound("That message does not wait any more.") }
        refuse(entry, "A moderator did not let your message through.")
        return entry
    }

    func expireHeld(now: Int64) {
        for entry in speech.held.takeExpired(limits.moderation, now: now) {
            refuse(entry, "No moderator has looked at your message in time.")
        }
    }

    private func refuse(_ entry: HeldMessages.Entry, _ text: String) {
        var stanza = entry.stanza
        stanza.from = nil
        guard let error = stanza.error(.notAcceptable(text), by: jid) else { return }
        var answer = error
        answer.from = jid
        broadcast(answer, to: entry.author.sessionJIDs.filter { occupant(of: $0) === entry.author })
    }
}
