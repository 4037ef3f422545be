/// How a room keeps itself clean: part of its configuration.
package struct RoomModeration: Hashable, Sendable {
    /// The least time between two messages of one person, in seconds. 0 for none.
    package var slowMode = 0
    /// Whether moderators see the first message of somebody unknown before all others do.
    package var holdsFirstMessages = false
    package var filter = FilterRules()

    package init() {}

    /// An hour between two messages is as slow as talking gets.
    static let slowest = 3_600
}
