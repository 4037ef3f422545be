import XMPP

/// A room as it comes from the archive.
package struct StoredRoom: Hashable, Sendable {
    package var state: RoomState
    /// The newest messages, oldest first, for newcomers.
    package var history: [ArchivedMessage]

    package init(state: RoomState, history: [ArchivedMessage] = []) {
        self.state = state
        self.history = history
    }
}
