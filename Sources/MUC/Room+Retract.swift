import XMPP

/// Taking back what was said: by whoever said it (XEP-0424), or by a moderator (XEP-0425).
extension Room {
    /// Looks at a message to all before it is reflected: if it takes back an earlier one, that leaves the history.
    ///
    /// - Throws: `forbidden` for what somebody else has said. The room only knows while it remembers; every client has
    ///   to compare occupant ids anyway (XEP-0424 §6).
    func noteRetraction(_ stanza: Stanza, by occupant: Occupant, now: Int64) throws(StanzaError) {
        guard let id = Self.retracted(by: stanza) else { return }
        if let message = history.message(id, by: jid) {
            let author = message.child("occupant-id", Namespace.occupantID)
            guard author == occupant.occupantID else { throw .forbidden("You take back only what you have said.") }
        }
        let retracted = Element(
            "retracted", Namespace.retraction, ["id": stanza.id, "stamp": DateTime.string(milliseconds: now)])
        retract(id, author: occupant.occupantID["id"], Tombstone(retracted: retracted))
    }

    /// A moderator's request: `<moderate/>`, or `<apply-to/>` around it, as it was in the first version.
    func moderate(_ request: Element, session: JID, now: Int64) throws(StanzaError) {
        let actor = try requireActor(session)
        guard actor.role == .moderator else { throw .forbidden("This is for moderators.") }
        let isCurrent = request.namespace == Namespace.moderation
        let moderate = isCurrent ? request : request.child("moderate", Namespace.legacyModeration)
        guard let id = request["id"], let moderate,
            moderate.child("retract", isCurrent ? Namespace.retraction : Namespace.legacyRetraction) != nil
        else { throw .badRequest("Which message is to be retracted?") }
        // It may have left the history and still be on everybody's screen.
        guard context.ids.mayHaveGiven(id, now: now) else { throw .itemNotFound("There is no such message.") }
        let reason = moderate.child("reason", moderate.namespace)?.text.prefix(bytes: limits.reasonLength)
        let serial = context.ids.next(now: now)

        var retracted = Element(
            "retracted", Namespace.retraction, ["id": serial, "stamp": DateTime.string(milliseconds: now)])
        retracted.append(moderated(by: actor, Namespace.moderation))
        if let reason { retracted.append(Element("reason", Namespace.retraction, text: reason)) }
        retract(id, author: nil, Tombstone(retracted: retracted))
        note(.retraction, by: actor, now: now) { act in
            act.target = id
            act.reason = reason
        }

        var retract = Element("retract", Namespace.retraction, ["id": id], [moderated(by: actor, Namespace.moderation)])
        if let reason { retract.append(Element("reason", Namespace.retraction, text: reason)) }
        var legacy = moderated(by: actor, Namespace.legacyModeration)
        legacy.append(Element("retract", Namespace.legacyRetraction))
        if let reason { legacy.append(Element("reason", Namespace.legacyModeration, text: reason)) }
        let payload = [
            retract, Element("apply-to", Namespace.fastening, ["id": id], [legacy]),
            Element("stanza-id", Namespace.stanzaIDs, ["by": jid.description, "id": serial]),
        ]
        broadcast(Stanza(.message, type: "groupchat", id: serial, from: jid, payload), to: audience.all.elements)
    }

    private func retract(_ id: String, author: String?, _ tombstone: Tombstone) {
        history.replace(id, by: jid, tombstone)
        keep(.retraction(stanzaID: id, author: author, tombstone: tombstone))
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
