import XMPP

/// What the room's own doors write into the log of moderators.
extension Room {
    /// One item of a request that is about to be applied (XEP-0045 §8, §9).
    func note(_ item: AdminItem, by actor: Actor, now: Int64) {
        switch item.change {
        case .role(let role, let nick):
            guard let occupant = occupants[nick] else { return }
            note(role == .none ? .kick : .role, by: actor, now: now) { act in
                act.target = occupant.person.description
                act.targetNick = nick
                act.before = occupant.role.rawValue
                act.after = role.rawValue
                act.reason = item.reason
            }
        case .affiliation(let affiliation, let person, _):
            let nick = occupants.values.first { $0.person == person }?.nick
            note(.affiliation, by: actor, now: now) { act in
                act.target = person.description
                act.targetNick = nick
                act.before = self.affiliation(of: person).rawValue
                act.after = affiliation.rawValue
                act.reason = item.reason
            }
        }
    }

    /// What an owner's form has changed (§10.2), or that it ended the room (§10.9).
    func noteConfiguration(since before: RoomConfiguration, session: JID, now: Int64) {
        let nick = occupant(of: session)?.nick
        if isDestroyed { return context.note(.destroy, room: localpart, by: session, nick: nick, now: now) }
        guard before != configuration else { return }
        if before.moderation.slowMode != configuration.moderation.slowMode {
            context.note(.slowMode, room: localpart, by: session, nick: nick, now: now) { act in
                act.before = String(before.moderation.slowMode)
                act.after = String(configuration.moderation.slowMode)
            }
        }
        let fields = RoomConfiguration.fields.filter { $0.values(before) != $0.values(configuration) }.map(\.name)
        context.note(.configuration, room: localpart, by: session, nick: nick, now: now) { act in
            act.after = fields.joined(separator: " ")
        }
    }

    /// The subject is another one: now, and not when that was asked for.
    func noteSubject(before: String?, _ message: ArchivedMessage) {
        context.note(.subject, room: localpart, by: message.person, nick: message.nick, now: message.time) { act in
            act.before = before ?? ""
            act.after = message.stanza.child("subject", Namespace.client)?.text ?? ""
        }
    }

    func note(
        _ kind: ModerationAct.Kind, by actor: Actor, now: Int64, _ fill: (inout ModerationAct) -> Void = { _ in }
    ) {
        context.note(kind, room: localpart, by: actor.person, nick: actor.nick, now: now, fill)
    }
}
