import XMPP

/// Undoing what is in the log, where that can be done: with the rights of whoever undoes it.
extension MUCService {
    func undo(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        let acts = acts(for: step).filter { canUndo($0) }.prefix(settings.limits.moderation.actsPerPage)
        guard let form = step.form else {
            var form = DataForm(.form, type: ModerationCommand.undo.node, title: ModerationCommand.undo.title)
            let options = acts.map { act in DataForm.Option(String(act.id), label: Self.label(act)) }
            form.fields = [DataForm.Field("act", "list-single", label: "What", [], options: options)]
            return .ask(form)
        }
        guard let id = form.value("act").flatMap({ Int($0) }), let act = acts.first(where: { $0.id == id }) else {
            throw .itemNotFound("There is no such act that can be undone.")
        }
        try undo(act, step)
        if let undone = context.moderation.log.undo(act.id) { context.effects.append(.moderation(.act(undone))) }
        context.note(.undo, room: act.room, by: step.moderator.person, nick: step.moderator.nick, now: step.now) {
            $0.target = act.target
            $0.targetNick = act.targetNick
            $0.before = String(act.id)
            $0.after = act.kind.rawValue
        }
        return .done("\(Self.label(act)): undone.")
    }

    /// Whether the act is of a kind that can be undone, and still stands.
    private func canUndo(_ act: ModerationAct) -> Bool {
        guard !act.isUndone else { return false }
        switch act.kind {
        case .ban: return act.after.flatMap { Int($0) }.map { context.moderation.bans[$0] != nil } ?? false
        case .affiliation: return act.before != act.after
        case .role: return act.before != act.after
        case .subject: return true
        case .slowMode: return act.before != act.after
        default: return false
        }
    }

    private func undo(_ act: ModerationAct, _ step: CommandStep) throws(StanzaError) {
        if act.kind == .ban {
            guard let ban = act.after.flatMap({ Int($0) }).flatMap({ context.moderation.bans[$0] }) else {
                throw .itemNotFound("That ban is no more.")
            }
            guard mayLift(ban, step.moderator) else { throw .forbidden("That is not for you to lift.") }
            return lift(ban)
        }
        guard let room = act.room.flatMap({ rooms[$0] }) else { throw .itemNotFound("That room is not open now.") }
        let session = step.moderator.session
        switch act.kind {
        case .affiliation:
            try administer(room, ["affiliation": act.before, "jid": act.target], session, now: step.now)
        case .role:
            guard let occupant = room.occupants.values.first(where: { $0.person.description == act.target }) else {
                throw .itemNotFound("That one is no longer here.")
            }
            try administer(room, ["role": act.before, "nick": occupant.nick], session, now: step.now)
        case .subject:
            let message = Stanza(
                .message, type: "groupchat", from: session, to: room.jid,
                [Element("subject", Namespace.client, text: act.before ?? "")])
            if let occupant = room.occupant(of: session) {
                try room.changeSubject(message, by: occupant, now: step.now)
            } else {
                // Whoever is not inside has no nick to say it by: the room does.
                let own = Stanza(.message, type: "groupchat", from: room.jid, message.payload)
                try room.utter(own, .subject, id: context.ids.next(now: step.now), now: step.now)
            }
        case .slowMode:
            guard let seconds = act.before.flatMap({ Int($0) }) else { throw .notAllowed("That cannot be undone.") }
            setSlowMode(seconds, in: room, step)
        default: throw .notAllowed("That cannot be undone.")
        }
        settle(room)
    }

    /// By the ordinary door, which looks at the rights.
    private func administer(
        _ room: Room, _ item: KeyValuePairs<String, String?>, _ session: JID, now: Int64
    ) throws(StanzaError) {
        let query = Element("query", Namespace.mucAdmin, [Element("item", Namespace.mucAdmin, item)])
        try room.administer(query, session: session, now: now)
    }

    private static func label(_ act: ModerationAct) -> String {
        let target = act.targetNick ?? act.target
        let change = [act.before, act.after].compactMap { $0 }.joined(separator: " → ")
        return "\(act.id): \(act.kind.rawValue)" + (target.map { " \($0)" } ?? "")
            + (act.kind == .ban || change.isEmpty ? "" : " (\(change))")
    }
}
