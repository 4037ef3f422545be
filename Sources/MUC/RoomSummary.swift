/// What the outside may know about a room without joining it.
package struct RoomSummary: Hashable, Sendable {
    package var name: String
    /// Nicks in the room; sessions that share a nick count once.
    package var occupants: Int
    /// People who read without a nick; nil where nobody can.
    package var readers: Int?
    /// When the last message was sent, in milliseconds since 1970; nil when there was none.
    package var lastActivity: Int64?

    package init(name: String, occupants: Int, readers: Int? = nil, lastActivity: Int64?) {
        self.name = name
        self.occupants = occupants
        self.readers = readers
        self.lastActivity = lastActivity
    }
}
