import EventLoop
import Logging
import MUC
import XMPP

/// Handing out what the rooms and the server have to say.
extension Router {
    /// Hands out effects of the rooms.
    ///
    /// What a link refuses comes back to the room as an error of its recipient, once all else is delivered; nobody
    /// answers an error, so that ends there.
    func deliver(_ effects: [MUCEffect]) {
        var refused: [Stanza] = []
        for effect in effects {
            switch effect {
            case .send(let stanza):
                guard let to = stanza.to else { continue }
                hand(stanza, bytes: nil, to: to, &refused)
            case .broadcast(let stanza, let recipients):
                let bytes = StanzaBytes(stanza)
                for recipient in recipients {
                    // Nearly everybody is a visitor of ours.
                    if let session = visitors.session(recipient) {
                        session.deliver(bytes)
                    } else {
                        hand(stanza, bytes: bytes, to: recipient, &refused)
                    }
                }
            case .shared(let stanzas, let recipients):
                for recipient in recipients {
                    if let session = visitors.session(recipient) {
                        for shared in stanzas { session.deliver(shared.bytes) }
                        continue
                    }
                    for shared in stanzas { hand(shared.stanza, bytes: shared.bytes, to: recipient, &refused) }
                }
            case .changed, .archive, .moderation: keep(effect)
            }
        }
        for error in refused { routeToRooms(error) }
        guard rooms.hasArrivals, !isTurnToBeEnded else { return }
        isTurnToBeEnded = true
        EventLoop.beforeFlush { [weak self] in self?.endTurn() }
    }

    /// Tells occupants who has come in this turn of the loop.
    func endTurn() {
        isTurnToBeEnded = false
        deliver(rooms.endTurn())
    }

    /// Hands on what is to be stored.
    func keep(_ effect: MUCEffect) {
        switch effect {
        case .changed(let change, let room): archive?.keep(change, room: room.localpart ?? "")
        case .archive(let request): archive?.perform(request)
        case .moderation(let record): keepModeration(record)
        case .send, .broadcast, .shared: break
        }
    }

    /// One stanza of ours for one recipient, wherever it lives. What cannot be delivered is dropped.
    func dispatch(_ stanza: Stanza) {
        guard let to = stanza.to else { return }
        var refused: [Stanza] = []
        hand(stanza, bytes: nil, to: to, &refused)
    }

    private func hand(_ stanza: Stanza, bytes: StanzaBytes?, to recipient: JID, _ refused: inout [Stanza]) {
        if let session = visitors.session(recipient) {
            return session.deliver(bytes ?? StanzaBytes(stanza))
        }
        if recipient.domain == domainName, desk.receive(stanza, for: recipient) { return }
        if recipient.isBare, recipient.domain == domainName {
            let bytes = bytes ?? StanzaBytes(stanza)
            for session in visitors.sessions(of: recipient) { session.deliver(bytes) }
            return
        }
        guard !isOurs(recipient), let from = stanza.from, let link = links[from.domain] else { return }
        guard let refusal = link.send(bytes ?? StanzaBytes(stanza), to: recipient, head: nil) else { return }
        counters.refused += 1
        // An occupant who left while the link broke, and is told when it is back.
        if settings.hostsRooms, Self.isFarewell(stanza) {
            return link.keep(bytes ?? StanzaBytes(stanza), to: recipient)
        }
        // A message to all that one of them misses is nothing that its sender could repeat.
        guard settings.hostsRooms, from.domain == serviceName, from.isFull,
            stanza.isRequest || (stanza.kind == .message && stanza.type != "groupchat")
        else { return }
        var undelivered = stanza
        undelivered.to = recipient
        if let error = undelivered.error(refusal.error) { refused.append(error) }
    }

    /// Whether a room tells somebody that it is out.
    private static func isFarewell(_ stanza: Stanza) -> Bool {
        guard stanza.kind == .presence, stanza.type == "unavailable" else { return false }
        let statuses = stanza.child("x", Namespace.mucUser)?.children ?? []
        return statuses.contains { $0.name == "status" && $0["code"] == "110" }
    }

    // MARK: - Remote rooms

    /// Where a stanza that `RemoteRooms` lets pass is going.
    enum Direction {
        case outbound, inbound
    }

    /// Does what the remote rooms want done; `stanza` is the one that they were asked about.
    func perform(
        _ effects: [RemoteRoomsEffect], for stanza: Stanza? = nil, _ direction: Direction = .outbound
    ) {
        for effect in effects {
            switch effect {
            case .pass:
                guard let stanza else { continue }
                switch direction {
                case .outbound: routeToNetwork(stanza)
                case .inbound: deliverFromNetwork(stanza)
                }
            case .toService(let stanza): routeToNetwork(stanza)
            case .toVisitor(let stanza):
                guard let to = stanza.to else { continue }
                visitors.session(to)?.deliver(StanzaBytes(stanza))
            case .notice(let text): settings.logger.warning("\(text)")
            }
        }
    }
}
