import XMPP

/// The bans, listed and lifted by command.
extension MUCService {
    func listBans(_ step: CommandStep) -> CommandStep.Reply {
        let rows = bans(for: step)
        var table = FormTable(
            title: ModerationCommand.bans.title,
            columns: [
                .init(name: "id", label: "Number"), .init(name: "jid", label: "Who"),
                .init(name: "scope", label: "Where"), .init(name: "networks", label: "Networks"),
                .init(name: "actor", label: "By"), .init(name: "since", label: "When"),
                .init(name: "until", label: "Until"), .init(name: "reason", label: "Why"),
            ])
        table.rows = rows.map { row in
            [
                row.id, row.person.description, row.scope, String(row.networks), row.actor?.description,
                row.since.map(DateTime.string), row.until.map(DateTime.string), row.reason,
            ]
        }
        return .done(Self.count(rows.count), table.element(type: ModerationCommand.bans.node))
    }

    func liftBans(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        let rows = bans(for: step).filter { mayLift($0, step.moderator) }
        guard let form = step.form else {
            var form = DataForm(.form, type: ModerationCommand.lift.node, title: ModerationCommand.lift.title)
            let options = rows.map { row in
                DataForm.Option(row.id, label: "\(row.person), \(row.scope)" + (row.reason.map { ": \($0)" } ?? ""))
            }
            form.fields = [DataForm.Field("bans", "list-multi", label: "Bans", [], options: options)]
            return .ask(form)
        }
        let wanted = form["bans"]?.values ?? []
        guard !wanted.isEmpty else { throw .badRequest("Which?") }
        var chosen: [BanRow] = []
        for id in Set(wanted) {
            guard let row = rows.first(where: { $0.id == id }) else {
                throw .itemNotFound("There is no such ban for you.")
            }
            chosen.append(row)
        }
        for row in chosen {
            if let ban = row.ban { lift(ban) } else { step.room?.setEntry(nil, of: row.person) }
            context.note(
                .lift, room: row.ban.map { Self.place(of: $0.scope) } ?? step.room?.localpart,
                by: step.moderator.person,
                nick: step.moderator.nick, now: step.now
            ) {
                $0.target = row.person.description
                $0.before = row.id
            }
        }
        return .done("\(chosen.count) lifted.")
    }

    /// A ban, or a line of the room's own list of outcasts.
    private struct BanRow {
        /// A number, or the address of an outcast.
        let id: String
        let ban: Ban?
        let person: JID
        let scope: String
        let networks: Int
        let actor: JID?
        let since: Int64?
        let until: Int64?
        let reason: String?
    }

    /// What concerns the place where the command was given.
    private func bans(for step: CommandStep) -> [BanRow] {
        let bans = step.room.map { context.moderation.bans.bans(where: $0.counts) } ?? bans(for: step.moderator)
        let outcasts = (step.room?.affiliations ?? [:]).filter { $0.value.affiliation == .outcast }
            .sorted { ($0.value.since ?? 0, $0.key.description) < ($1.value.since ?? 0, $1.key.description) }
        return bans.map(Self.row)
            + outcasts.map { person, entry in
                BanRow(
                    id: person.description, ban: nil, person: person, scope: "room", networks: 0, actor: entry.actor,
                    since: entry.since, until: nil, reason: entry.reason)
            }
    }

    /// Those of every room within reach, and those of all rooms.
    private func bans(for moderator: Moderator) -> [Ban] {
        guard !moderator.isSiteAdmin else { return bans }
        return bans.filter { ban in
            switch ban.scope {
            case .room(let localpart): reaches(localpart, moderator)
            case .pages(let site): moderator.office?.site == site
            case .site: true
            }
        }
    }

    private static func row(_ ban: Ban) -> BanRow {
        let scope: String
        switch ban.scope {
        case .site: scope = "site"
        case .pages(let site): scope = "pages \(site)"
        case .room(let localpart): scope = "room \(JIDEscaping.unescape(localpart))"
        }
        return BanRow(
            id: String(ban.id), ban: ban, person: ban.person, scope: scope, networks: ban.networks.count,
            actor: ban.actor, since: ban.since, until: ban.until, reason: ban.reason)
    }

    /// Admins lift all bans of their room, other moderators their own, and administrators of the service every one.
    func mayLift(_ ban: Ban, _ moderator: Moderator) -> Bool {
        if moderator.isSiteAdmin { return true }
        switch ban.scope {
        case .site: return false
        case .pages(let site): return moderator.pagesToBanFrom == site
        case .room: return moderator.affiliation.isAtLeastAdmin || ban.actor == moderator.person
        }
    }

    private func mayLift(_ row: BanRow, _ moderator: Moderator) -> Bool {
        row.ban.map { mayLift($0, moderator) } ?? moderator.affiliation.isAtLeastAdmin
    }

    private static func count(_ count: Int) -> String { count == 1 ? "1 ban." : "\(count) bans." }
}
