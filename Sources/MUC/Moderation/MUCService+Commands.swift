import XMPP

/// Ad-hoc commands (XEP-0050): the moderators' door that every client has.
extension MUCService {
    /// Answers an IQ that is about commands, or a report. Whether it was one.
    ///
    /// - Parameter room: Nil for the service's own address.
    func command(_ stanza: Stanza, from session: JID, in room: Room?, now: Int64) throws(StanzaError) -> Bool {
        guard stanza.isRequest, let payload = stanza.payload.first else { return false }
        let answer: Element?
        switch (stanza.type, payload.name, payload.namespace) {
        case ("set", "command", Namespace.commands):
            answer = try execute(payload, from: session, in: room, now: now)
        case ("set", "report", Report.namespace):
            guard let room else { return false }
            try report(payload, from: session, in: room, now: now)
            answer = nil
        case ("get", "query", Namespace.discoItems) where payload["node"] == Namespace.commands:
            answer = commandItems(session, in: room)
        case ("get", "query", Namespace.discoInfo):
            guard let info = commandInfo(payload["node"]) else { return false }
            answer = info
        default: return false
        }
        if let room {
            room.send(stanza.result(answer), to: session)
        } else {
            context.effects.append(.send(stanza.result(answer)))
        }
        return true
    }

    // MARK: Which there are (XEP-0050 §2)

    /// Nothing for those who may not give any.
    private func commandItems(_ session: JID, in room: Room?) -> Element {
        let query = Element("query", Namespace.discoItems, ["node": Namespace.commands])
        guard let moderator = try? requireModerator(session, in: room) else { return query }
        let address = (room?.jid ?? settings.service).description
        let commands = ModerationCommand.allCases.filter { $0.isOffered(in: room, to: moderator) }
        return Element(
            "query", Namespace.discoItems, ["node": Namespace.commands],
            commands.map { command in
                Element(
                    "item", Namespace.discoItems, ["jid": address, "node": command.node, "name": command.title])
            })
    }

    private func commandInfo(_ node: String?) -> Element? {
        let identity: (type: String, name: String)
        var features: [String] = []
        if node == Namespace.commands {
            identity = ("command-list", "Moderation")
        } else if let command = ModerationCommand(node: node) {
            identity = ("command-node", command.title)
            features = [Namespace.commands, Namespace.dataForms]
        } else {
            return nil
        }
        let about = Element(
            "identity", Namespace.discoInfo, ["category": "automation", "type": identity.type, "name": identity.name])
        return Element(
            "query", Namespace.discoInfo, ["node": node],
            [about] + features.map { Element("feature", Namespace.discoInfo, ["var": $0]) })
    }

    // MARK: Giving one (§3)

    private func execute(
        _ request: Element, from session: JID, in room: Room?, now: Int64
    ) throws(StanzaError) -> Element {
        guard let command = ModerationCommand(node: request["node"]) else {
            throw .itemNotFound("There is no such command.")
        }
        // At each step anew: it may have changed.
        let moderator = try requireModerator(session, in: room)
        guard command.isOffered(in: room, to: moderator) else { throw .forbidden("This command is not for you here.") }
        guard ["execute", "next", "complete", "prev", "cancel", nil].contains(request["action"]) else {
            throw .badRequest("That is no action.").because("malformed-action", Namespace.commands)
        }
        let limits = settings.limits.moderation
        let id = request["sessionid"]
        let entry = id.flatMap {
            context.moderation.commands.entry($0, command, of: session, room: room?.localpart, limits, now: now)
        }
        guard id == nil || entry != nil else {
            throw .badRequest("This command has ended. Begin again.").because("bad-sessionid", Namespace.commands)
        }
        if request["action"] == "cancel" {
            if let id { context.moderation.commands.end(id) }
            return Self.envelope(command, id ?? "none", "canceled")
        }
        // Back to the beginning: no command has more than one step before the last.
        let isBack = request["action"] == "prev"
        var form: DataForm?
        if !isBack { form = try Self.form(request, settings.limits) }
        let step = CommandStep(
            moderator: moderator, room: room, form: form, draft: isBack ? nil : entry?.draft, now: now)
        let reply = try perform(command, step)
        switch reply {
        case .ask(let form, let draft):
            let known: String
            if let id {
                known = id
            } else {
                let entry = CommandSessions.Entry(command: command, session: session, room: room?.localpart, time: now)
                known = try context.moderation.commands.begin(entry, limits)
            }
            context.moderation.commands.leave(draft, in: known)
            return Self.question(command, known, form, canGoBack: draft != nil)
        case .done(let text, let result):
            if let id { context.moderation.commands.end(id) }
            let note = Element(
                "note", Namespace.commands, attributes: [.init(name: "type", value: "info")], nodes: [.text(text)])
            return Self.envelope(command, id ?? "none", "completed", [note] + (result.map { [$0] } ?? []))
        }
    }

    private func perform(_ command: ModerationCommand, _ step: CommandStep) throws(StanzaError) -> CommandStep.Reply {
        switch command {
        case .ban: try ban(step)
        case .bans: listBans(step)
        case .lift: try liftBans(step)
        case .held: step.room == nil ? listHeld(step) : try reviewHeld(step)
        case .reports: listReports(step)
        case .settle: try settleReports(step)
        case .slowMode: try slowMode(step)
        case .log: try showLog(step)
        case .undo: try undo(step)
        case .rooms: listRooms(step)
        }
    }

    private static func form(_ request: Element, _ limits: MUCLimits) throws(StanzaError) -> DataForm? {
        guard let element = request.child("x", Namespace.dataForms) else { return nil }
        let form = try DataForm(element, maximumFields: limits.moderation.formFields)
        guard form.kind == .submit else { throw .badRequest("Send the form filled in.") }
        return form
    }

    private static func question(
        _ command: ModerationCommand, _ id: String, _ form: DataForm, canGoBack: Bool
    ) -> Element {
        // §3.4: what may come next; `execute` without more means the one that is named.
        let isLast = canGoBack || command != .ban
        var steps = canGoBack ? [Element("prev", Namespace.commands)] : []
        steps.append(Element(isLast ? "complete" : "next", Namespace.commands))
        let actions = Element("actions", Namespace.commands, ["execute": isLast ? "complete" : "next"], steps)
        return envelope(command, id, "executing", [actions, form.element])
    }

    private static func envelope(
        _ command: ModerationCommand, _ id: String, _ status: String, _ children: [Element] = []
    ) -> Element {
        Element(
            "command", Namespace.commands, ["node": command.node, "sessionid": id, "status": status], children)
    }
}
