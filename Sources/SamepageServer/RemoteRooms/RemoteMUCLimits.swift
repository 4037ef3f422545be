import MUC

/// Every bound of what we remember about remote rooms. Times are milliseconds. Counts of 0 are lifted where it says so.
struct RemoteMUCLimits: Hashable, Sendable {
    /// Longest nick, in bytes of UTF-8.
    var nickLength = 64
    /// Shortest time between two changes of one occupant's nick. 0 lifts.
    var nickInterval: Int64 = 5_000
    /// Rooms one session may be in at a time. 0 lifts.
    var roomsPerSession = 10
    /// Rooms that we know about. When reached, the one that has been without visitors longest is forgotten. 0 lifts.
    var rooms = 10_000
    /// Visitors in rooms, in all: one that is in two rooms counts twice. 0 lifts.
    var occupants = 100_000
    /// Joins that wait for their room, in all. 0 lifts.
    var waitingJoins = 5_000
    /// How long a join waits for its room.
    var joinTimeout: Int64 = 15_000
    /// How long the service may take to answer a join, or a question in a visitor's name.
    var answerTimeout: Int64 = 30_000

    /// Rooms that the keeper sees to at the same time.
    var preparations = 50
    /// How long the service may take to answer one step of the keeper.
    var keeperTimeout: Int64 = 10_000
    /// When the keeper tries again after a failure that may pass.
    var retryInterval: Int64 = 1_000
    /// How long a service that does not let us make rooms is not asked again for the same room.
    var refusalTime: Int64 = 30_000
    /// Times a room that we made may be gone when a visitor arrives, before we believe that it cannot be kept.
    var reclaims = 3
    /// Longest name of a room, in bytes; a longer page title is cut.
    var nameLength = 256
    /// Admins that are made owners of a room, one request each.
    var admins = 50

    /// How often `tick` comes.
    var tickInterval: Int64 = 200
    /// Visitors that rejoin, and questions for missed messages, in one tick.
    var rejoinsPerTick = 40
    /// Rejoins that the service has not answered.
    var rejoinsInFlight = 200
    /// How long a visitor is kept waiting to rejoin after the link came back.
    var rejoinTimeout: Int64 = 60_000
    /// Missed messages in one page, and pages, that one visitor is given of one room.
    var catchUpPageSize = 50
    var catchUpPages = 10
    /// New messages that wait until those missed before them are there.
    var heldMessages = 100
    /// How far back history is asked of a room without an archive, beyond what we believe was missed.
    var historyOverlap: Int64 = 30_000
    /// Messages of a room that are known again when an archive or history repeats them.
    var rememberedMessages = 256
    /// Messages told as history that are known again, for each visitor.
    var rememberedHistory = 50
    /// Nicks of a room that are remembered to tell who has gone while the link was down.
    var nicksPerRoom = 10_000
    /// Largest payload of a presence that is repeated when rejoining, in bytes as serialized.
    var presenceSize = 4 * 1_024
    /// Longest password of a room that is remembered for rejoining, in bytes.
    var passwordSize = 1_024
}

extension RemoteMUCLimits {
    init(_ configuration: Configuration) {
        self.init()
        let limits = configuration.limits
        nickLength = limits.nickLength
        nickInterval = limits.nickInterval.milliseconds
        roomsPerSession = limits.roomsPerSession
        rooms = limits.rooms
        if limits.profile == .open {
            occupants = 0
            waitingJoins = 0
        }
    }
}
