import EventLoop
import Logging
import MUC
import XMPP

/// Between us and the XMPP network.
extension Router {
    // MARK: - Out

    /// A stanza for another server, over the link that owns the domain of its `from`.
    func routeToNetwork(_ stanza: Stanza) {
        guard let to = stanza.to, let from = stanza.from else { return }
        guard let link = links[from.domain] else {
            return refuse(stanza, StanzaError(.remoteServerNotFound, nil, "\(to.domain) is not known to this server."))
        }
        var head = stanza
        head.payload = []
        if let refusal = link.send(StanzaBytes(stanza), to: to, head: head) {
            counters.refused += 1
            refuse(stanza, refusal.error)
        }
    }

    /// Tells the sender of a stanza that did not leave: a visitor, or what stands behind `RemoteRooms`.
    private func refuse(_ stanza: Stanza, _ error: StanzaError) {
        guard let reply = stanza.error(error) else { return }
        guard !settings.hostsRooms, reply.from?.domain == serviceName else { return dispatch(reply) }
        perform(remoteRooms.fromService(reply, now: WallClock.now), for: reply, .inbound)
    }

    // MARK: - In

    private func fromNetwork(_ stanza: Stanza, _ from: JID, _ to: JID, over link: any Link) {
        if !settings.hostsRooms, from.domain == serviceName, !to.isDomain {
            // The service speaks for all occupants of its rooms, and has limits of its own.
            return perform(remoteRooms.fromService(stanza, now: WallClock.now), for: stanza, .inbound)
        }
        switch senders.judge(stanza, from: from, now: WallClock.now) {
        case .pass: break
        case .refuse(let error):
            counters.limited += 1
            return bounce(stanza, error)
        case .expel(let error):
            counters.limited += 1
            // What answers a question of ours, or reports an error, is no reason to throw somebody out.
            guard stanza.mayBeAnswered else { return }
            bounce(stanza, error)
            return deliver(rooms.sessionEnded(from, .errored, isReachable: true, now: WallClock.now))
        }
        switch link.serves {
        case .rooms: routeToRooms(stanza)
        case .visitors where to.isDomain:
            if stanza.kind == .iq { answer(stanza, queries.answer(stanza, on: .server)) }
        case .visitors: deliverFromNetwork(stanza)
        }
    }

    /// A stanza for a visitor's session. Without one, requests are answered, and messages to a session that is gone too,
    /// so that a room hears that its occupant is (RFC 6121 §8.5.3.2).
    func deliverFromNetwork(_ stanza: Stanza) {
        guard let to = stanza.to else { return }
        if let session = visitors.session(to) {
            session.deliver(forwarded(stanza))
        } else if stanza.isRequest || (stanza.kind == .message && to.isFull) {
            bounce(stanza, .serviceUnavailable())
        }
    }

    /// The bytes of a stanza that passes through. A room writes to its occupants one after the other: the copies that
    /// follow the first only get another `to`.
    private func forwarded(_ stanza: Stanza) -> StanzaBytes {
        var content = stanza
        content.to = nil
        if let last = lastForwarded, last.content == content { return last.bytes }
        let bytes = StanzaBytes(stanza)
        lastForwarded = (content, bytes)
        return bytes
    }

    /// The link of our rooms is gone, and with it everybody who came over it. Their clients do not know yet: each is
    /// told by its own unavailable presence with 333 as soon as the link is back, and joins again.
    private func dropRemoteOccupants(of link: any Link) {
        for jid in rooms.sessions(where: { !isOurs($0) }) {
            for effect in rooms.sessionEnded(jid, .errored, isReachable: true, now: WallClock.now) {
                switch effect {
                case .send(let stanza):
                    if let to = stanza.to { tell(to, StanzaBytes(stanza), dropped: jid, link) }
                case .broadcast(let stanza, let recipients):
                    let bytes = StanzaBytes(stanza)
                    for recipient in recipients { tell(recipient, bytes, dropped: jid, link) }
                case .shared(let stanzas, let recipients):
                    for recipient in recipients {
                        for shared in stanzas { tell(recipient, shared.bytes, dropped: jid, link) }
                    }
                case .changed, .archive, .moderation: keep(effect)
                }
            }
        }
    }

    private func tell(_ recipient: JID, _ bytes: StanzaBytes, dropped: JID, _ link: any Link) {
        if let session = visitors.session(recipient) {
            session.deliver(bytes)
        } else if recipient == dropped {
            link.keep(bytes, to: recipient)
        }
    }
}

extension Router: LinkOwner {
    func link(_ link: any Link, received stanza: Stanza) {
        guard let to = stanza.to, let from = stanza.from, to.domain == link.domain.domain else {
            counters.misaddressed += 1
            return
        }
        guard !isOurs(from) else { return forged(from, link) }
        fromNetwork(stanza, from, to, over: link)
    }

    /// What a room of a remote service says to many is judged once, but for the recipient. All else goes the way of any stanza.
    func link(_ link: any Link, receivedCopyOf stanza: RepeatedStanza, to recipient: JID) {
        if recipient.isFull, recipient.isOfSameDomain(as: link.domain), let bytes = bytesOfService(stanza),
            let session = visitors.session(recipient),
            remoteRooms.passes(copyOf: stanza, to: recipient, now: WallClock.now)
        {
            return session.deliver(bytes)
        }
        guard var copy = stanza.stanza else { return }
        copy.to = recipient
        self.link(link, received: copy)
    }

    /// The bytes of a stanza that the remote service sent; nil when it is anybody else's.
    private func bytesOfService(_ stanza: RepeatedStanza) -> StanzaBytes? {
        if let lastCopied, lastCopied.stanza === stanza { return lastCopied.bytes }
        guard !settings.hostsRooms, let content = stanza.stanza, let from = content.from, !isOurs(from),
            from.domain == serviceName
        else { return nil }
        let bytes = forwarded(content)
        lastCopied = (stanza, bytes)
        return bytes
    }

    /// Somebody of the network under an address of ours: never let in. Mostly a server that hosts our visitors' domain.
    private func forged(_ from: JID, _ link: any Link) {
        counters.forged += 1
        guard !hasWarnedOfForgery else { return }
        hasWarnedOfForgery = true
        settings.logger.warning(
            """
            a stanza from \(from.domain) came over the link of \(link.domain) and was dropped, since that domain is \
            ours: if the server has accounts there, give our visitors another domain (the key domain)
            """)
    }

    func link(_ link: any Link, refused head: Stanza?, _ error: StanzaError) {
        counters.unreadable += 1
        guard var head, let from = head.from, !isOurs(from) else { return }
        head.to = head.to ?? link.domain
        guard head.to?.domain == link.domain.domain else { return }
        // Only who may send at all is answered, or a flood of these would cost us one answer each.
        guard case .pass = senders.judge(head, from: from, now: WallClock.now) else { return }
        bounce(head, error)
    }

    func link(_ link: any Link, gaveUp head: Stanza, _ refusal: LinkRefusal) {
        counters.refused += 1
        refuse(head, refusal.error)
    }

    func linkChanged(_ link: any Link, isUp: Bool) {
        switch link.serves {
        case .rooms: if !isUp { dropRemoteOccupants(of: link) }
        case .visitors: perform(remoteRooms.linkChanged(isUp: isUp, now: WallClock.now))
        }
    }

    func linkStopped(_ link: any Link) {
        detach(link)
        if links.isEmpty { linksStopped() }
    }
}
