/// Every bound of the MUC service. Counts and rates of 0 or less are lifted; sizes never are.
package struct MUCLimits: Hashable, Sendable {
    /// Longest nick, in bytes of UTF-8.
    package var nickLength = 64
    /// Whether nicks must be such as the whole XMPP network carries unchanged: for rooms that are on it.
    package var portableNicks = false
    /// Shortest time between two changes of one occupant's nick, in milliseconds. 0 lifts.
    package var nickInterval: Int64 = 5_000
    /// Rooms one session may be in at a time. 0 lifts.
    package var roomsPerSession = 10
    /// Occupants of one room; owners and admins still enter a full one (XEP-0045 §7.2.9). 0 lifts.
    package var occupantsPerRoom = 1_000
    /// Sessions of those who read one room without a nick; owners and admins still enter a full one. 0 lifts.
    package var readersPerRoom = 5_000
    /// Sessions in a room past which the others are no longer told who comes and goes without having spoken. 0 lifts.
    package var quietAbove = 200
    /// Sessions of one person that share one nick in a room, or that read it without one. 0 lifts.
    package var sessionsPerOccupant = 20
    /// Rooms in all. When reached, the room that has been empty longest makes place for a new one. 0 lifts.
    package var rooms = 10_000
    /// Rooms of the archive that are known by name without being open, for the list of rooms.
    package static let knownRooms = 100_000
    /// Messages a room remembers for newcomers; with 0 it remembers none.
    package var history = 50
    /// Bytes of those messages, roughly as they take them on the wire.
    package var historySize = 128 * 1_024
    /// Largest subject, in bytes, all languages together and with their markup.
    package var subjectSize = 1_024
    /// Longest name of a room, in bytes; a longer page title is cut.
    package var nameLength = 256
    /// Longest description of a room, in bytes.
    package var descriptionLength = 1_024
    /// Longest password of a room, in bytes.
    package var passwordLength = 256
    /// Largest payload of an occupant's presence, in bytes: every newcomer is sent one of each occupant.
    package var presenceSize = 4 * 1_024
    /// Entries in the answer to one disco#items request. 0 lifts.
    package var discoItems = 100
    /// People with an affiliation in one room (XEP-0045 §5.2). 0 lifts.
    package var affiliationsPerRoom = 1_000
    /// Longest reason of a moderator, in bytes; a longer one is cut.
    package var reasonLength = 512
    /// Changes in one request of a moderator (XEP-0045 §9.2). 0 lifts.
    package var adminItems = 50
    /// Fields in one form (XEP-0004).
    package var formFields = 100
    /// Invitations that a room passes on in an hour, in all and for one person (XEP-0045 §7.8.2). 0 lifts.
    package var invitationsPerRoom = 100
    package var invitationsPerPerson = 10
    /// Shortest time between two requests for voice by one person, in milliseconds (XEP-0045 §7.13). 0 lifts.
    package var voiceRequestInterval: Int64 = 60_000
    /// People whose last request for voice a room remembers for that time.
    package var voiceRequests = 1_000
    /// Copies of presence that a change of the roles that are shown may cause at once. Past it, each occupant appears
    /// or disappears with its next presence.
    package var presenceResync = 20_000
    /// Messages that wait to be stored, in all; likewise stanzas that wait for a room to come from the archive, and
    /// questions to it. 0 lifts.
    package var archiveQueue = 10_000
    /// Bytes of those messages, and of those stanzas.
    package var archiveQueueSize = 64 * 1_024 * 1_024
    /// Stanzas of one room that wait for a message to be stored, before whoever makes it say more is refused. 0 lifts.
    package var heldOutput = 10_000
    /// How long a stanza waits for its room, in milliseconds.
    package var loadTimeout: Int64 = 10_000
    /// Messages in one page of the archive (XEP-0059).
    package var archivePage = 100
    /// Bytes of those, roughly; one message is sent whatever its size.
    package var archivePageSize = 256 * 1_024
    /// Questions of one session to archives that are not answered yet. 0 lifts.
    package var archiveQueriesPerSession = 10

    /// What moderators do, and what is kept about it.
    package var moderation = ModerationLimits()

    package init() {}

    /// Whether `count` things leave no place for one more.
    package static func isReached(_ limit: Int, by count: Int) -> Bool {
        limit > 0 && count >= limit
    }
}
