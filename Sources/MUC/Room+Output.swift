import XMPP

/// Saying something: at once, or behind the messages that are being archived.
extension Room {
    func send(_ stanza: Stanza, to recipient: JID) {
        var stanza = stanza
        stanza.to = recipient
        say(.effect(.send(stanza)))
    }

    func broadcast(_ stanza: Stanza, to recipients: [JID]) {
        guard !recipients.isEmpty else { return }
        say(.effect(.broadcast(stanza, to: recipients)))
    }

    /// The same stanzas, in their order, for each of many.
    func share(_ stanzas: [SharedStanza], to recipients: [JID]) {
        guard !stanzas.isEmpty, !recipients.isEmpty else { return }
        say(.effect(.shared(stanzas, to: recipients)))
    }

    /// Answers an IQ.
    func answer(_ stanza: Stanza) {
        say(.effect(.send(stanza)))
    }

    func say(_ output: Outbox.Output) {
        if !isWelcoming { tellArrivals() }
        if context.outboxes[localpart] == nil {
            perform(output)
        } else {
            context.outboxes[localpart]?.append(output, of: self)
        }
    }

    /// Says it now.
    func perform(_ output: Outbox.Output) {
        switch output {
        case .effect(let effect): context.effects.append(effect)
        case .message(let pending): reflect(pending, isStored: true)
        case .unstored(let pending): reflect(pending, isStored: false)
        case .catchUp(let catchUp):
            let messages = history.messages(for: catchUp.request, now: catchUp.time)
            if !messages.isEmpty { context.effects.append(.shared(messages, to: [catchUp.session])) }
            tell(subject ?? noSubject, to: catchUp.session)
        }
    }

    /// Archives a message to all, and reflects it when that is done; what is not archived is said in its turn.
    ///
    /// What the message takes back goes with it: it leaves the archive no later than anybody hears of that.
    ///
    /// - Throws: `resource-constraint` while more waits to be stored than may wait.
    func utter(_ pending: Outbox.PendingMessage, retracting retraction: Retraction? = nil) throws(StanzaError) {
        guard isArchived else {
            if let retraction { retract(retraction) }
            return say(.unstored(pending))
        }
        guard context.backlog.admits(pending.size, limits) else { throw Self.archiveIsBusy }
        tellArrivals()
        if let retraction { retract(retraction) }
        context.backlog.add(pending.size)
        context.outboxes[localpart, default: Outbox()].append(.message(pending), of: self)
        if !isKept { save() }
        context.effects.append(.archive(.store(pending.message)))
    }

    /// Whether what the room has to say may wait in the outbox, for those who make it say more.
    func requireFlow() throws(StanzaError) {
        guard let outbox = context.outboxes[localpart] else { return }
        guard !MUCLimits.isReached(limits.heldOutput, by: outbox.count) else { throw Self.archiveIsBusy }
    }

    static let archiveIsBusy = StanzaError.resourceConstraint("The archive is busy. Try again in a moment.")
    static let archiveFailed = StanzaError.resourceConstraint("The message could not be stored. Try again later.")

    /// The message is kept, or need not be: everybody who was here when it was said reads it, and newcomers from now on.
    private func reflect(_ pending: Outbox.PendingMessage, isStored: Bool) {
        let message = pending.message
        switch message.kind {
        case .spoken:
            history.append(message.stanza, room: jid, at: message.time)
            lastMessage = message.time
        case .subject: remember(subject: message, isStored: isStored)
        case .reference, .tombstone: break
        }
        if !pending.recipients.isEmpty {
            context.effects.append(.broadcast(message.stanza, to: pending.recipients))
        }
        if let receipt = pending.receipt { context.effects.append(.send(receipt)) }
    }

    private func tell(_ stanza: Stanza, to session: JID) {
        var stanza = stanza
        stanza.to = session
        context.effects.append(.send(stanza))
    }

    // MARK: Keeping what changes slowly

    /// Notes a change of what the room keeps.
    func keep(_ change: RoomChange) {
        if change == .destroyed { forgetBans() }
        guard context.settings.isArchived, !isKept else {
            return context.effects.append(.changed(change, room: jid))
        }
        switch change {
        case .configuration, .affiliation, .subject: save()
        // The state says nothing of messages.
        case .retraction:
            save()
            context.effects.append(.changed(change, room: jid))
        // Nothing is there yet that could be destroyed.
        case .destroyed: break
        }
    }

    /// Hands the whole state to the archive.
    func save() {
        isKept = true
        context.effects.append(.archive(.save(state)))
    }
}
