import XMPP

/// What a service knows about keeping its rooms clean.
struct Moderation {
    var bans = BanList()
    var networks = Networks()
    var commands = CommandSessions()
    private var lastID = 0

    /// Ids are never given twice, over restarts too as long as the newest are kept.
    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func noteID(_ id: Int) { lastID = max(lastID, id) }

    /// Follows the time. Cheap when nothing has ended.
    mutating func advance(now: Int64) {
        bans.expire(now: now)
    }
}
