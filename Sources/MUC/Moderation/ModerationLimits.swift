/// Bounds of what moderators do and what is kept about it. Times are in milliseconds.
package struct ModerationLimits: Hashable, Sendable {
    /// Bans of the whole service, those in the lists of rooms (XEP-0045 §9.1) not counted.
    package var bans = 10_000
    /// Networks that one ban may be widened to.
    package var networksPerBan = 4
    /// How long a ban counts for networks at most: addresses change hands.
    package var networkBan: Int64 = 30 * 86_400_000
    /// How long the networks of somebody who has gone are remembered, and of how many.
    package var networkMemory: Int64 = 3_600_000
    package var rememberedNetworks = 10_000
    /// Commands (XEP-0050) that are under way, in all and of one person; and how long each may take.
    package var commands = 1_000
    package var commandsPerPerson = 5
    package var commandTime: Int64 = 600_000

    /// Fields in the form of one command.
    package var formFields = 30

    package init() {}
}
