import XMPP

/// Reports that nobody has settled, listed and settled by command.
///
/// They are lines of the log, and what settles one is another: so they outlive a restart as the log does, and who found
/// what in order stays known.
extension MUCService {
    func listReports(_ step: CommandStep) -> CommandStep.Reply {
        var table = FormTable(
            title: ModerationCommand.reports.title,
            columns: [
                .init(name: "id", label: "Number"), .init(name: "time", label: "When"),
                .init(name: "room", label: "Where"), .init(name: "actor", label: "By"),
                .init(name: "actor-nick", label: "By (nick)"), .init(name: "kind", label: "What"),
                .init(name: "reason", label: "Why"), .init(name: "authors", label: "Whom (nicks)"),
                .init(name: "messages", label: "Messages"), .init(name: "body", label: "What was said"),
            ])
        table.rows = openReports(step).map { act in
            let jid = act.room.flatMap { JID(localpart: $0, domain: settings.service.domain) }
            return [
                String(act.id), DateTime.string(milliseconds: act.time), jid?.description, act.actor?.description,
                act.actorNick, act.after, act.reason, act.targetNick, act.target, said(act),
            ]
        }
        return .done("\(table.rows.count) open.", table.element(type: ModerationCommand.reports.node))
    }

    func settleReports(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        let open = openReports(step)
        guard let form = step.form else {
            var form = DataForm(.form, type: ModerationCommand.settle.node, title: ModerationCommand.settle.title)
            let options = open.map { act in
                let authors = act.targetNick.map { " by \($0)" } ?? ""
                return DataForm.Option(
                    String(act.id), label: "\(act.actorNick ?? "?") reports \(act.after ?? "")\(authors)")
            }
            form.fields = [
                DataForm.Field("reports", "list-multi", label: "Reports", [], options: options),
                DataForm.Field(
                    "verdict", "list-single", label: "What came of them", ["done"],
                    options: [
                        .init("done", label: "Something was done"), .init("dismissed", label: "Nothing is wrong"),
                    ]
                ),
            ]
            return .ask(form)
        }
        let ids = Set(form["reports"]?.values ?? [])
        guard !ids.isEmpty, let verdict = form.value("verdict"), ["done", "dismissed"].contains(verdict) else {
            throw .badRequest("Which reports, and done or dismissed?")
        }
        let chosen = open.filter { ids.contains(String($0.id)) }
        guard chosen.count == ids.count else { throw .itemNotFound("One of them is not open any more.") }
        for act in chosen {
            context.note(
                .settle, room: act.room, by: step.moderator.person, nick: step.moderator.nick, now: step.now
            ) {
                $0.target = act.target
                $0.targetNick = act.targetNick
                $0.before = String(act.id)
                $0.after = verdict
            }
        }
        return .done("\(chosen.count) reports: \(verdict).")
    }

    /// Oldest first, so that nobody waits for ever.
    private func openReports(_ step: CommandStep) -> [ModerationAct] {
        let acts = acts(for: step)
        let settled = Set(acts.lazy.filter { $0.kind == .settle && !$0.isUndone }.compactMap(\.before))
        let open = acts.filter { $0.kind == .report && !settled.contains(String($0.id)) }
        return Array(open.reversed().prefix(settings.limits.moderation.actsPerPage))
    }

    /// Reports in each room that are open.
    func openReportCounts(_ step: CommandStep) -> [String: Int] {
        Dictionary(openReports(step).compactMap { act in act.room.map { ($0, 1) } }, uniquingKeysWith: +)
    }

    /// What the first message that is still in the room's history says; the archive has the others.
    private func said(_ act: ModerationAct) -> String? {
        guard let room = act.room.flatMap({ rooms[$0] }), let id = act.target?.split(separator: " ").first else {
            return nil
        }
        return room.history.message(String(id), by: room.jid)?.child("body", Namespace.client)?.text
            .prefix(bytes: Self.excerpt)
    }
}
