import XMPP

/// The log, read by command.
extension MUCService {
    func showLog(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        var table = FormTable(
            title: ModerationCommand.log.title,
            columns: [
                .init(name: "id", label: "Number"), .init(name: "time", label: "When"),
                .init(name: "actor", label: "Who"), .init(name: "actor-nick", label: "Who (nick)"),
                .init(name: "kind", label: "What"), .init(name: "target", label: "Whom"),
                .init(name: "target-nick", label: "Whom (nick)"), .init(name: "room", label: "Where"),
                .init(name: "before", label: "Before"), .init(name: "after", label: "After"),
                .init(name: "reason", label: "Why"), .init(name: "undone", label: "Undone"),
            ])
        let first = step.form?.value("before-id").flatMap { Int($0) } ?? .max
        let acts = acts(for: step).lazy.filter { $0.id < first }.prefix(settings.limits.moderation.actsPerPage)
        table.rows = acts.map { act in
            [
                String(act.id), DateTime.string(milliseconds: act.time), act.actor?.description, act.actorNick,
                act.kind.rawValue, act.target, act.targetNick, act.room.map(JIDEscaping.unescape), act.before,
                act.after,
                act.reason, act.isUndone ? "1" : "0",
            ]
        }
        return .done("\(table.rows.count) acts.", table.element(type: ModerationCommand.log.node))
    }

    /// Newest first: those of the room, or of all rooms within reach.
    func acts(for step: CommandStep) -> [ModerationAct] {
        let newest = context.moderation.log.newest
        if let room = step.room { return newest.filter { $0.room == room.localpart } }
        let moderator = step.moderator
        guard !moderator.isSiteAdmin else { return Array(newest) }
        // The same few rooms again and again, and each costs the reading of an address.
        var known: [String: Bool] = [:]
        return newest.filter { act in
            guard let room = act.room else { return act.actor == moderator.person }
            let isWithinReach = known[room] ?? reaches(room, moderator)
            known[room] = isWithinReach
            return isWithinReach
        }
    }
}
