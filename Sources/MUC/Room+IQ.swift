import XMPP

/// Requests to the room and, through it, to occupants.
extension Room {
    /// An IQ to the room's bare JID.
    func request(_ stanza: Stanza, session: JID, now: Int64) throws(StanzaError) {
        guard stanza.isRequest, let payload = stanza.payload.first else { return }
        let result: Element?
        switch (stanza.type, payload.name, payload.namespace) {
        case ("get", "query", Namespace.discoInfo): result = try discoInfo(node: payload["node"], session: session)
        case ("get", "query", Namespace.discoItems): result = try discoItems(node: payload["node"], session: session)
        case ("get", "ping", Namespace.ping): result = nil
        case ("get", "query", Namespace.mucAdmin): result = try list(payload, session: session)
        case ("set", "query", Namespace.mucAdmin):
            try administer(payload, session: session, now: now)
            result = nil
        case ("set", "query", Namespace.mucOwner):
            let before = configuration
            try configure(payload, session: session)
            noteConfiguration(since: before, session: session, now: now)
            result = nil
        case ("get", "query", Namespace.mucOwner): result = try configurationForm(session: session, now: now)
        case ("get", "query", Namespace.register): result = try registrationForm(session: session)
        case ("set", "query", Namespace.register):
            try register(payload, session: session, now: now)
            result = nil
        case ("set", "moderate", Namespace.moderation), ("set", "apply-to", Namespace.fastening):
            return try moderate(stanza, payload, session: session, now: now)
        case ("get", "vCard", Namespace.vCard): result = card
        case ("set", "vCard", Namespace.vCard):
            throw .forbidden("The picture of a room comes with the service's configuration.")
        case ("get", "lurk", Namespace.lurk): result = try lurkPing(session: session)
        case ("get", "query", Namespace.mam): result = try archiveForm(session: session)
        case ("set", "query", Namespace.mam): return try search(stanza, payload, session: session)
        case ("get", "metadata", Namespace.mam): return try measureArchive(stanza, session: session)
        default: throw .serviceUnavailable()
        }
        answer(stanza.result(result))
    }

    /// An IQ to an occupant: a self-ping is answered here (XEP-0410 §3), everything else is relayed (XEP-0045 §17.4).
    ///
    /// The room keeps no record of what it relayed. A request goes to the primary session of a nick, an answer to all
    /// sessions of one: those that asked nothing do not know its id, and ignore it (RFC 6120 §8.2.3).
    func relay(_ stanza: Stanza, session: JID, to nick: String) throws(StanzaError) {
        let sender = try requireOccupant(session)
        guard let recipient = occupants[nick] else { throw .itemNotFound("Nobody here has that nick.") }
        if recipient === sender, stanza.type == "get", stanza.child("ping", Namespace.ping) != nil {
            return answer(stanza.result())
        }
        guard configuration.allowsQueries || !stanza.isRequest else {
            throw .notAllowed("In this room nobody's client may be asked anything.")
        }
        var relayed = stanza
        relayed.from = sender.address
        relayed.to = nil
        broadcast(relayed, to: stanza.isRequest ? Array(recipient.sessionJIDs.prefix(1)) : recipient.sessionJIDs)
    }
}
