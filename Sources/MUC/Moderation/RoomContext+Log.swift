import XMPP

extension RoomContext {
    /// Writes a line into the log, and hands it out to be kept.
    func note(
        _ kind: ModerationAct.Kind, room: String?, by actor: JID?, nick: String? = nil, now: Int64,
        _ fill: (inout ModerationAct) -> Void = { _ in }
    ) {
        var act = ModerationAct(id: moderation.nextID(), time: now, kind: kind, room: room)
        act.actor = actor?.bare
        act.actorNick = nick
        fill(&act)
        moderation.log.append(act, limits.moderation)
        effects.append(.moderation(.act(act)))
    }
}
