import XMPP

/// Banning by command: whom, for how long, how far; then how many others it would hit; then it is done.
extension MUCService {
    func ban(_ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        if let draft = step.draft { return try ban(draft, step) }
        guard step.form != nil else { return .ask(banForm(step)) }
        let draft = try banDraft(step)
        return .ask(confirmation(of: draft, step), draft: draft)
    }

    // MARK: The forms

    private func banForm(_ step: CommandStep) -> DataForm {
        var form = DataForm(
            .form, type: ModerationCommand.ban.node, title: ModerationCommand.ban.title,
            instructions: "Before anything happens you are told how many others it would hit.")
        form.fields = [
            DataForm.Field("who", "text-single", label: step.room == nil ? "Address" : "Nick or address", []),
            DataForm.Field("reason", "text-single", label: "Why", []),
            DataForm.Field(
                "duration", "list-single", label: "For how long", ["86400"],
                options: BanDraft.durations.map { .init(String($0.seconds), label: $0.label) }
                    + [.init(BanDraft.forever, label: "For ever")]),
        ]
        if step.room != nil {
            var scopes = [DataForm.Option("room", label: "This room")]
            if let site = step.moderator.pagesToBanFrom { scopes.append(.init("pages", label: "All rooms of \(site)")) }
            if step.moderator.isSiteAdmin { scopes.append(.init("site", label: "All rooms")) }
            form.fields.append(DataForm.Field("scope", "list-single", label: "Where", ["room"], options: scopes))
        }
        form.fields.append(
            DataForm.Field(
                "widen", "boolean", label: "Also whoever else comes from the same network, members excepted", ["0"]))
        return form
    }

    private func confirmation(of draft: BanDraft, _ step: CommandStep) -> DataForm {
        let ban = makeBan(draft, by: step.moderator, id: 0, now: step.now)
        let others = others(hitBy: ban)
        var text = draft.isWide ? "\(Self.others(others)) here would be hit." : "Nobody else would be hit."
        if draft.isWide, ban.networks.isEmpty {
            text += " No network of \(draft.nick ?? draft.person.description) is known: the address alone is banned."
        }
        var form = DataForm(
            .form, type: ModerationCommand.ban.node, title: "Ban \(draft.nick ?? draft.person.description)",
            instructions: text)
        form.fields = [
            DataForm.Field("who", "hidden", [draft.person.description]),
            DataForm.Field("others", "hidden", [String(others)]),
        ]
        if let until = ban.until {
            form.fields.append(DataForm.Field("until", "hidden", [DateTime.string(milliseconds: until)]))
        }
        if !ban.networks.isEmpty {
            let end = DateTime.string(milliseconds: ban.networksUntil)
            form.fields.append(DataForm.Field("networks-until", "hidden", [end]))
        }
        return form
    }

    // MARK: What was filled in

    private func banDraft(_ step: CommandStep) throws(StanzaError) -> BanDraft {
        guard let who = step.form?.value("who"), !who.isEmpty else { throw .badRequest("Who is it about?") }
        let occupant = step.room?.occupants[who]
        guard let person = occupant?.person ?? Self.address(who), person.domain != settings.service.domain else {
            throw .itemNotFound("Nobody here has that nick, and it is nobody's address.")
        }
        let draft = BanDraft(
            person: person, nick: occupant?.nick, reason: step.text("reason", maximum: settings.limits.reasonLength),
            duration: try Self.duration(step), scope: try scope(step), isWide: try step.flag("widen"))
        try requireBannable(draft, step)
        return draft
    }

    /// A person's. A mere word would be a domain.
    private static func address(_ text: String) -> JID? {
        guard let jid = JID(text)?.bare, jid.localpart != nil else { return nil }
        return jid
    }

    private static func duration(_ step: CommandStep) throws(StanzaError) -> Int64? {
        guard let text = step.form?.value("duration") else { throw .badRequest("For how long?") }
        if text == BanDraft.forever { return nil }
        guard let seconds = Int64(text), (1...BanDraft.longest).contains(seconds) else {
            throw .notAcceptable("duration: seconds, or \(BanDraft.forever).")
        }
        return seconds * 1_000
    }

    private func scope(_ step: CommandStep) throws(StanzaError) -> Ban.Scope {
        guard let room = step.room else {
            if step.moderator.isSiteAdmin { return .site }
            guard let site = step.moderator.pagesToBanFrom else { throw .forbidden("That is for administrators.") }
            return .pages(site)
        }
        switch step.form?.value("scope") {
        case nil, "room": return .room(room.localpart)
        case "site":
            guard step.moderator.isSiteAdmin else { throw .forbidden("Only administrators ban from all rooms.") }
            return .site
        case "pages":
            guard let site = step.moderator.pagesToBanFrom else {
                throw .forbidden("Only those who own or administer a site ban from all its rooms.")
            }
            return .pages(site)
        default: throw .notAcceptable("scope: room, pages or site.")
        }
    }

    private func requireBannable(_ draft: BanDraft, _ step: CommandStep) throws(StanzaError) {
        guard draft.person != step.moderator.person else { throw .conflict("You cannot ban yourself.") }
        guard !isSiteAdmin(draft.person) else { throw .notAllowed("That one administers the service.") }
        // Where that office counts, a ban would be empty words.
        guard Self.place(of: draft.scope) != nil || context.policy.office(of: draft.person) == nil else {
            throw .notAllowed("The service itself gave that one its place.")
        }
        guard draft.scope != .site, let room = step.room else { return }
        let roles = room.occupants.values.filter { $0.person == draft.person }.map(\.role)
        guard step.moderator.outranks(room.affiliation(of: draft.person), roles.max()) else {
            throw .notAllowed("That one ranks as high as you.")
        }
    }

    // MARK: Doing it

    private func ban(_ draft: BanDraft, _ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        try requireBannable(draft, step)
        let previous = context.moderation.bans.ban(of: draft.person, scope: draft.scope)
        if let previous, previous.actor != step.moderator.person, !step.moderator.affiliation.isAtLeastAdmin {
            throw .notAllowed("Somebody else has banned that one already.")
        }
        guard
            previous != nil || !MUCLimits.isReached(settings.limits.moderation.bans, by: context.moderation.bans.count)
        else { throw .resourceConstraint("There are as many bans as may be. Lift some.") }
        let ban = makeBan(draft, by: step.moderator, id: context.moderation.nextID(), now: step.now)
        let count = others(hitBy: ban)
        if let previous { lift(previous) }
        context.moderation.bans.insert(ban)
        context.effects.append(.moderation(.ban(ban)))
        context.note(
            .ban, room: Self.place(of: ban.scope), by: step.moderator.person, nick: step.moderator.nick, now: step.now
        ) { act in
            act.target = ban.person.description
            act.targetNick = draft.nick
            act.after = String(ban.id)
            act.reason = ban.reason
        }
        for room in rooms(of: ban.scope) {
            room.enforce(ban, actor: room === step.room ? step.moderator.nick : nil)
            settle(room)
        }
        return .done("\(draft.nick ?? draft.person.description) is banned, and \(Self.others(count)). Ban \(ban.id).")
    }

    private static func others(_ count: Int) -> String { count == 1 ? "1 other" : "\(count) others" }

    private func makeBan(_ draft: BanDraft, by moderator: Moderator, id: Int, now: Int64) -> Ban {
        let limits = settings.limits.moderation
        var ban = Ban(id: id, person: draft.person, scope: draft.scope, actor: moderator.person, since: now)
        ban.reason = draft.reason
        ban.until = draft.duration.map { now &+ $0 }
        if draft.isWide {
            ban.networks = context.moderation.networks.networks(of: draft.person, limits)
            ban.networksUntil = min(ban.until ?? .max, now &+ limits.networkBan)
        }
        return ban
    }

    /// People besides the one that is banned who are inside now and would not be any more.
    private func others(hitBy ban: Ban) -> Int {
        var people: Set<JID> = []
        for room in rooms(of: ban.scope) {
            people.formUnion(room.occupants(hitBy: ban).map(\.person))
            people.formUnion(room.readers(hitBy: ban))
        }
        people.remove(ban.person)
        return people.count
    }

    private func rooms(of scope: Ban.Scope) -> [Room] {
        switch scope {
        case .room(let localpart): rooms[localpart].map { [$0] } ?? []
        case .site: occupied.elements.compactMap { rooms[$0] }
        case .pages(let site):
            occupied.elements.compactMap { rooms[$0] }.filter {
                context.policy.isRoom($0.jid, pageURL: $0.configuration.pageURL, of: site)
            }
        }
    }

    /// The one room that a ban is about, if it is one.
    static func place(of scope: Ban.Scope) -> String? {
        if case .room(let localpart) = scope { localpart } else { nil }
    }

    func lift(_ ban: Ban) {
        context.moderation.bans.remove(ban.id)
        context.effects.append(.moderation(.lifted(ban.id)))
    }
}
