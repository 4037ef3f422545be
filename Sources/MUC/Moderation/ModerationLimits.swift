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

    /// Lines of the log that are kept, and that one answer has.
    package var acts = 5_000
    package var actsPerPage = 100
    /// Lines of the filter of a room, of one kind; bytes of one line.
    package var filterEntries = 500
    package var filterLength = 64
    /// People whose last message a room remembers, for slow mode and for who is known.
    package var speakers = 10_000
    /// Messages of a room that wait for a moderator, in all, of one person, in bytes; and for how long.
    package var held = 100
    package var heldPerPerson = 3
    package var heldSize = 256 * 1_024
    package var holdTime: Int64 = 3_600_000
    /// More messages than this in a room within the window are a flood, 0 for never; what slow mode it brings, in
    /// seconds; and how long it has to be calm before the room opens again by a step.
    package var floodMessages = 100
    package var floodWindow: Int64 = 10_000
    package var floodSlowMode = 15
    package var floodCalm: Int64 = 60_000
    /// Who was in the room for so long before a flood is known without having spoken. 0: nobody.
    package var floodPatience: Int64 = 600_000
    /// Reports of one person in a room within the window, people who report within it, and messages of one report.
    package var reportsPerPerson = 5
    package var reportWindow: Int64 = 3_600_000
    package var reporters = 1_000
    package var messagesPerReport = 10
    /// Reports that wait for the room of the staff to come from the archive.
    package var staffReports = 100
    /// Fields in the form of one command.
    package var formFields = 30

    package init() {}
}
