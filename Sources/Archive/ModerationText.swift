import Foundation
import MUC
import XMPP

/// What is kept of moderation, as a line of JSON. Fields that are not known are passed over, so that a newer version may
/// add some.
package enum ModerationText {
    private struct Line: Codable {
        var ban: StoredBan?
        var lifted: Int?
        var act: StoredAct?
    }

    /// Without an end of line.
    package static func write(_ record: ModerationRecord) -> String {
        let line =
            switch record {
            case .ban(let ban): Line(ban: StoredBan(ban))
            case .lifted(let id): Line(lifted: id)
            case .act(let act): Line(act: StoredAct(act))
            }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and numbers: nothing of it can fail to be written.
        return (try? encoder.encode(line)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Nil for what makes no sense.
    package static func read(_ text: some StringProtocol) -> ModerationRecord? {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(text.utf8)) else { return nil }
        if let ban = line.ban { return ban.ban.map(ModerationRecord.ban) }
        if let lifted = line.lifted { return .lifted(lifted) }
        return line.act.flatMap(\.act).map(ModerationRecord.act)
    }
}

private struct StoredBan: Codable {
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

private struct StoredAct: Codable {
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
