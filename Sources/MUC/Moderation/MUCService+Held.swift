import XMPP

/// What waits for a moderator, looked at by command.
extension MUCService {
    /// Where no room is named: what waits in any of them, oldest first. It is released or dropped in its room.
    func listHeld(_ step: CommandStep) -> CommandStep.Reply {
        var table = FormTable(
            title: ModerationCommand.held.title,
            columns: [
                .init(name: "id", label: "Number"), .init(name: "time", label: "When"),
                .init(name: "room", label: "Where"), .init(name: "jid", label: "Who"),
                .init(name: "nick", label: "Who (nick)"), .init(name: "body", label: "What"),
            ])
        let rooms = rooms(for: step).filter { !$0.speech.held.entries.isEmpty }
        for room in rooms { room.expireHeld(now: step.now) }
        let waiting = rooms.flatMap { room in room.speech.held.entries.map { (room, $0) } }
            .sorted { $0.1.id < $1.1.id }.prefix(settings.limits.moderation.actsPerPage)
        table.rows = waiting.map { room, entry in
            [
                String(entry.id), DateTime.string(milliseconds: entry.time), room.jid.description,
                entry.author.person.description, entry.author.nick,
                entry.stanza.child("body", Namespace.client)?.text.prefix(bytes: Self.excerpt),
            ]
        }
        return .done("\(table.rows.count) messages wait.", table.element(type: ModerationCommand.held.node))
    }

    /// Bytes of what somebody said, in a list of such things.
    static let excerpt = 500

    func reviewHeld(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        guard let room = step.room else { throw .itemNotFound("Messages wait in rooms.") }
        room.expireHeld(now: step.now)
        guard let form = step.form else {
            var form = DataForm(.form, type: ModerationCommand.held.node, title: ModerationCommand.held.title)
            let options = room.speech.held.entries.map { entry in
                let body = entry.stanza.child("body", Namespace.client)?.text ?? ""
                return DataForm.Option(String(entry.id), label: "\(entry.author.nick): \(body.prefix(bytes: 200))")
            }
            form.fields = [
                DataForm.Field("messages", "list-multi", label: "Messages", [], options: options),
                DataForm.Field(
                    "verdict", "list-single", label: "What becomes of them", ["release"],
                    options: [.init("release", label: "Everybody sees them"), .init("drop", label: "Nobody does")]),
            ]
            return .ask(form)
        }
        let ids = Set(form["messages"]?.values ?? [])
        guard !ids.isEmpty, let verdict = form.value("verdict"), ["release", "drop"].contains(verdict) else {
            throw .badRequest("Which messages, and release or drop?")
        }
        let chosen = room.speech.held.entries.filter { ids.contains(String($0.id)) }
        guard chosen.count == ids.count else { throw .itemNotFound("One of them does not wait any more.") }
        for entry in chosen {
            _ = verdict == "release" ? try room.release(entry.id, now: step.now) : try room.drop(entry.id)
            context.note(
                verdict == "release" ? .release : .drop, room: room.localpart, by: step.moderator.person,
                nick: step.moderator.nick, now: step.now
            ) {
                $0.target = entry.author.person.description
                $0.targetNick = entry.author.nick
                $0.before = String(entry.id)
            }
        }
        return .done("\(chosen.count) messages: \(verdict).")
    }
}
