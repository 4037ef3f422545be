import XMPP

/// What all rooms of a service share.
final class RoomContext {
    let settings: MUCSettings
    let policy: any RoomPolicy
    /// Shared, so that a room that comes back never repeats an id of its former life.
    var ids: StanzaIDGenerator
    var memberships = Memberships()
    /// By localpart: what rooms say behind messages that are being stored.
    var outboxes: [String: Outbox] = [:]
    /// Those messages.
    var backlog = ArchiveBacklog()
    var questions = ArchiveQuestions()
    var moderation = Moderation()
    /// Rooms whose occupants are to be told of those who came in this turn.
    var crowdedRooms: [Room] = []
    /// Localparts of rooms that somebody has entered or left since the last `MUCService.tellCrowds()`.
    var changedCrowds: Set<String> = []
    /// What the running handler has to say; the service hands it to the caller when the handler has returned.
    var effects: [MUCEffect] = []

    let siteFilter: TextFilter?

    init(settings: MUCSettings, policy: any RoomPolicy) {
        self.settings = settings
        self.policy = policy
        ids = StanzaIDGenerator(after: settings.lastID)
        siteFilter = TextFilter(settings.filter)
    }

    var limits: MUCLimits { settings.limits }

    func takeEffects() -> [MUCEffect] {
        let taken = effects
        effects = []
        return taken
    }
}
