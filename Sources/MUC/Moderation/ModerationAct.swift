import XMPP

/// One thing that was done to keep a room clean, by whatever door: a line of the log.
package struct ModerationAct: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case kick, ban, lift, affiliation, role, subject, retraction, configuration, destroy, report, settle, undo
        case slowMode = "slow-mode"
        case filters, hold, release, drop, escalation, relaxation
    }

    package var id: Int
    /// Milliseconds since 1970.
    package var time: Int64
    package var kind: Kind
    /// The localpart; nil for all rooms.
    package var room: String?
    /// The bare JID of whoever did it; nil for the room itself.
    package var actor: JID?
    package var actorNick: String?
    /// Whom or what it is about: a bare JID, or the stanza-ids of messages.
    package var target: String?
    package var targetNick: String?
    /// What was before, and is now, in the words of `kind`: an affiliation, a role, a subject, the number of a ban.
    package var before: String?
    package var after: String?
    package var reason: String?
    package var isUndone = false

    package init(id: Int, time: Int64, kind: Kind, room: String?) {
        self.id = id
        self.time = time
        self.kind = kind
        self.room = room
    }
}
