import XMPP

/// What the rooms want of the archive. The caller does it, in this order, without waiting, and reports what came of it.
package enum ArchiveRequest: Sendable {
    /// Keep a message; then call `MUCService.stored(_:in:_:now:)`. Its reflection waits for that.
    indirect case store(ArchivedMessage)
    /// Keep a room as it is now, instead of what was kept of it; then call `MUCService.saved(_:isKept:)`.
    case save(RoomState)
    /// Find a room, with all that was stored before; then call `MUCService.loaded(_:_:now:)`.
    case load(room: String)
    /// Find messages, those stored before among them; then call `MUCService.found(_:for:now:)`.
    case find(ArchiveQuery, ArchiveTicket)
    /// Tell where the archive of a room begins and ends; then call `MUCService.found(_:for:now:)`.
    case measure(room: String, ArchiveTicket)
}

/// What the caller says when a request cannot be met now: a disk that is full or broken. Tried again, it may work.
package struct ArchiveUnavailable: Error, Hashable, Sendable {
    package init() {}
}

/// Names one question to the archive.
package struct ArchiveTicket: Hashable, Sendable {
    let number: UInt64
}
