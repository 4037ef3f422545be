import XMPP

/// What a service knows about keeping its rooms clean.
struct Moderation {
    var bans = BanList()
    var networks = Networks()
    var commands = CommandSessions()
    var log = ModerationLog()
    /// Localparts of the rooms that have closed themselves against a flood.
    var flooded: Set<String> = []
    private var lastID = 0

    /// Ids are never given twice, over restarts too as long as the newest are kept.
    mutating func nextID() -> Int {
        lastID += 1
        return lastID
    }

    mutating func noteID(_ id: Int) { lastID = max(lastID, id) }
}
