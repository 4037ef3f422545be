import MUC
import XMPP

/// A line of the moderation file. Fields that are not known are passed over, so that a newer version may add some.
struct StoredRecord: Codable {
    var ban: StoredBan?
    var lifted: Int?
    var act: StoredAct?

    init(_ record: ModerationRecord) {
        switch record {
        case .ban(let ban): self.ban = StoredBan(ban)
        case .lifted(let id): lifted = id
        case .act(let act): self.act = StoredAct(act)
        }
    }

    /// Nil for what makes no sense.
    var record: ModerationRecord? {
        if let ban { return ban.ban.map(ModerationRecord.ban) }
        if let lifted { return .lifted(lifted) }
        return act.flatMap(\.act).map(ModerationRecord.act)
    }
}

struct StoredBan: Codable {
    var id: Int
    var person: String
    /// Nil: all rooms, or those of a site.
    var room: String?
    var site: String?
    var networks: [String]?
    var networksUntil: Int64?
    var reason: String?
    var actor: String
    var since: Int64
    var until: Int64?

    init(_ ban: Ban) {
        id = ban.id
        person = ban.person.description
        switch ban.scope {
        case .room(let localpart): room = localpart
        case .pages(let name): site = name
        case .site: break
        }
        if !ban.networks.isEmpty {
            networks = ban.networks.sorted()
            networksUntil = ban.networksUntil
        }
        reason = ban.reason
        actor = ban.actor.description
        since = ban.since
        until = ban.until
    }

    var ban: Ban? {
        guard let person = JID(person), let actor = JID(actor) else { return nil }
        let scope = room.map(Ban.Scope.room) ?? site.map(Ban.Scope.pages) ?? .site
        var ban = Ban(id: id, person: person.bare, scope: scope, actor: actor, since: since)
        ban.networks = Set(networks ?? [])
        ban.networksUntil = networksUntil ?? 0
        ban.reason = reason
        ban.until = until
        return ban
    }
}

struct StoredAct: Codable {
    var id: Int
    var time: Int64
    var kind: String
    var room: String?
    var actor: String?
    var actorNick: String?
    var target: String?
    var targetNick: String?
    var before: String?
    var after: String?
    var reason: String?
    var undone: Bool?

    init(_ act: ModerationAct) {
        id = act.id
        time = act.time
        kind = act.kind.rawValue
        room = act.room
        actor = act.actor?.description
        actorNick = act.actorNick
        target = act.target
        targetNick = act.targetNick
        before = act.before
        after = act.after
        reason = act.reason
        undone = act.isUndone ? true : nil
    }

    var act: ModerationAct? {
        guard let kind = ModerationAct.Kind(rawValue: kind) else { return nil }
        var act = ModerationAct(id: id, time: time, kind: kind, room: room)
        act.actor = actor.flatMap(JID.init)
        act.actorNick = actorNick
        act.target = target
        act.targetNick = targetNick
        act.before = before
        act.after = after
        act.reason = reason
        act.isUndone = undone ?? false
        return act
    }
}
