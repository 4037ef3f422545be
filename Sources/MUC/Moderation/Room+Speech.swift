import XMPP

/// What stands between a voice and the room: floods, slow mode, filters, the first message of a stranger.
extension Room {
    /// Whether a message goes on to everybody. If not, its author has been told, or sees it as if it had.
    ///
    /// - Throws: What refuses it.
    func lets(_ stanza: Stanza, pass occupant: Occupant, now: Int64) throws(StanzaError) -> Bool {
        guard !occupant.isModerator else { return true }
        var verdict = judge(stanza)
        // Chat states, receipts and reactions are no speech; what they smuggle is looked at all the same.
        guard stanza.hasChild("body") || verdict != nil else { return true }
        // A reaction cannot be looked at without what it is about.
        if verdict == .hold, !stanza.hasChild("body") { verdict = .reject }
        let limits = limits.moderation
        do throws(StanzaError) {
            try requireKnown(occupant)
            try requirePatience(occupant, now: now)
            if verdict == .reject { throw Self.filtered }
            if verdict == .hold || isFirst(occupant) { try hold(stanza, by: occupant, now: now) }
        } catch {
            if speech.flood.count(isHeard: false, limits, now: now) { tellFlood(now: now) }
            throw error
        }
        let isHeard = verdict == nil && !isFirst(occupant)
        speech.speakers.note(occupant.person, isKnown: isHeard, limits, now: now)
        if speech.flood.count(isHeard: isHeard, limits, now: now) { tellFlood(now: now) }
        if verdict == .hide { hide(stanza, by: occupant) }
        return isHeard
    }

    // MARK: Slow mode

    /// Seconds between two messages of somebody, as they are now.
    ///
    /// - Parameter isKnown: That one was here before the flood.
    func slowMode(isKnown: Bool) -> Int {
        let isFlooded = speech.flood.level > (isKnown ? .closed : .calm)
        return max(configuration.moderation.slowMode, isFlooded ? limits.moderation.floodSlowMode : 0)
    }

    private func isKnown(_ occupant: Occupant) -> Bool {
        occupant.affiliation.isAtLeastMember
            || speech.speakers.isKnown(occupant.person, before: speech.flood.began)
            || isOfLongStanding(occupant)
    }

    /// Whether somebody was here long before the flood, and only read.
    private func isOfLongStanding(_ occupant: Occupant) -> Bool {
        let patience = limits.moderation.floodPatience
        guard patience > 0, let since = occupant.since else { return false }
        return speech.flood.began - since >= patience
    }

    private func requirePatience(_ occupant: Occupant, now: Int64) throws(StanzaError) {
        let remaining = speech.speakers.remaining(
            occupant.person, interval: Int64(slowMode(isKnown: isKnown(occupant))) * 1_000, now: now)
        guard remaining > 0 else { return }
        let seconds = (remaining + 999) / 1_000
        var error = StanzaError.policyViolation("Slow mode: you may speak again in \(seconds) s.")
        error.detail = Element("slow-mode", Namespace.moderationCommands, ["seconds": String(seconds)])
        throw error
    }

    // MARK: Floods

    private func requireKnown(_ occupant: Occupant) throws(StanzaError) {
        guard speech.flood.level >= .closed, !isKnown(occupant) else { return }
        throw StanzaError.policyViolation("This room is flooded: for now only those speak who have been heard before.")
            .because("flooded", Namespace.moderationCommands)
    }

    /// The room opens again when it has been calm for a while.
    func relax(now: Int64) {
        guard speech.flood.relax(limits.moderation, now: now) else { return }
        tellFlood(isRelaxed: true, now: now)
    }

    private func tellFlood(isRelaxed: Bool = false, now: Int64) {
        if speech.flood.level == .calm {
            context.moderation.flooded.remove(localpart)
        } else {
            context.moderation.flooded.insert(localpart)
        }
        let seconds = slowMode(isKnown: speech.flood.level > .closed)
        let text =
            switch speech.flood.level {
            case .closedAndSlow: "There is too much going on here: one message in \(seconds) s for each."
            case .closed: "There is too much going on here: for now only those speak who have been heard before."
            case .slow: "There is too much going on here: one message in \(seconds) s for newcomers."
            case .calm where seconds > 0: "It is calm again: one message in \(seconds) s for each, as before."
            case .calm: "It is calm again: everybody may speak as before."
            }
        announce(text, Element("slow-mode", Namespace.moderationCommands, ["seconds": String(seconds)]))
        context.note(isRelaxed ? .relaxation : .escalation, room: localpart, by: nil, now: now) { act in
            act.after = "\(speech.flood.level)"
        }
    }

    /// A message of the room itself to all who are here.
    func announce(_ text: String, _ payload: Element) {
        let message = Stanza(
            .message, type: "groupchat", from: jid, [Element("body", Namespace.client, text: text), payload])
        broadcast(message, to: audience.all.elements)
    }
}
