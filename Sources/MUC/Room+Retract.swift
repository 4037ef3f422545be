import XMPP

/// Taking back what was said: by whoever said it (XEP-0424), or by a moderator (XEP-0425).
extension Room {
    /// What a message to all takes back, if anything.
    ///
    /// - Throws: `forbidden` for what somebody else has said. The room only knows while it remembers; the archive compares
    ///   again, and so has every client (XEP-0424 §6).
    func retraction(in stanza: Stanza, by occupant: Occupant, now: Int64) throws(StanzaError) -> Retraction? {
        guard let id = Self.retracted(by: stanza) else { return nil }
        if let message = history.message(id, by: jid) {
            let author = message.child("occupant-id", Namespace.occupantID)
            guard author == occupant.occupantID else { throw .forbidden("You take back only what you have said.") }
        }
        let retracted = Element(
            "retracted", Namespace.retraction, ["id": stanza.id, "stamp": DateTime.string(milliseconds: now)])
        // Without an occupant id nobody would be the author, and a moderator is.
        return Retraction(
            stanzaID: id, author: occupant.occupantID["id"] ?? "", tombstone: Tombstone(retracted: retracted))
    }

    /// A moderator's request: `<moderate/>`, or `<apply-to/>` around it, as it was in the first version.
    ///
    /// The answer comes when the notice to the room is stored, and says so when it could not be.
    func moderate(_ stanza: Stanza, _ request: Element, session: JID, now: Int64) throws(StanzaError) {
        let actor = try requireActor(session)
        guard actor.role == .moderator else { throw .forbidden("This is for moderators.") }
        let isCurrent = request.namespace == Namespace.moderation
        let moderate = isCurrent ? request : request.child("moderate", Namespace.legacyModeration)
        guard let id = request["id"], let moderate,
            moderate.child("retract", isCurrent ? Namespace.retraction : Namespace.legacyRetraction) != nil
        else { throw .badRequest("Which message is to be retracted?") }
        // It may have left the history and still be on everybody's screen.
        guard let stanzaID = StanzaID(id), context.ids.mayHaveGiven(stanzaID, now: now) else {
            throw .itemNotFound("There is no such message.")
        }
        let reason = moderate.child("reason", moderate.namespace)?.text.prefix(bytes: limits.reasonLength)
        let serial = context.ids.next(now: now)

        var retracted = Element(
            "retracted", Namespace.retraction,
            ["id": serial.description, "stamp": DateTime.string(milliseconds: now)])
        retracted.append(moderated(by: actor, Namespace.moderation))
        if let reason { retracted.append(Element("reason", Namespace.retraction, text: reason)) }

        var retract = Element("retract", Namespace.retraction, ["id": id], [moderated(by: actor, Namespace.moderation)])
        if let reason { retract.append(Element("reason", Namespace.retraction, text: reason)) }
        var legacy = moderated(by: actor, Namespace.legacyModeration)
        legacy.append(Element("retract", Namespace.legacyRetraction))
        if let reason { legacy.append(Element("reason", Namespace.legacyModeration, text: reason)) }
        let notice = Stanza(
            .message, type: "groupchat", id: serial.description, from: jid,
            [retract, Element("apply-to", Namespace.fastening, ["id": id], [legacy])])
        let retraction = Retraction(stanzaID: id, author: nil, tombstone: Tombstone(retracted: retracted))
        try utter(notice, .reference, id: serial, for: stanza, retracting: retraction, now: now)
        note(.retraction, by: actor, now: now) { act in
            act.target = id
            act.reason = reason
        }
    }

    /// Takes a message out of what newcomers are shown, and out of the archive.
    func retract(_ retraction: Retraction) {
        history.replace(retraction.stanzaID, by: jid, retraction.tombstone)
        keep(
            .retraction(
                stanzaID: retraction.stanzaID, author: retraction.author, tombstone: retraction.tombstone))
    }

    private func moderated(by actor: Actor, _ namespace: String) -> Element {
        let address = actor.nick.flatMap { jid.with(resource: $0) }
        let id = context.policy.occupantID(of: actor.person, in: jid)
        return Element(
            "moderated", namespace, ["by": address?.description],
            [Element("occupant-id", Namespace.occupantID, ["id": id])])
    }

    private static func retracted(by stanza: Stanza) -> String? {
        if let retract = stanza.child("retract", Namespace.retraction) { return retract["id"] }
        guard let fastening = stanza.child("apply-to", Namespace.fastening),
            fastening.child("retract", Namespace.legacyRetraction) != nil
        else { return nil }
        return fastening["id"]
    }
}
