/// What went wrong on links, counted since the start.
struct LinkCounters: Hashable, Sendable {
    /// Stanzas that a link did not take: it was down, its queue full, or they were too large.
    var refused = 0
    /// Stanzas from a link for a domain that is not its own, or without an address.
    var misaddressed = 0
    /// Stanzas from a link under an address of ours.
    var forged = 0
    /// Stanzas from a link that could not be read.
    var unreadable = 0
    /// Stanzas of people of other servers that were past a rate.
    var limited = 0
}
