import XMPP

/// What the caller delivers after a handler has returned, in this order.
package enum MUCEffect: Sendable {
    /// One stanza for one recipient: its `to`.
    case send(Stanza)
    /// The same stanza for everybody in the list: it has no `to`, and is worth serializing once.
    case broadcast(Stanza, to: [JID])
    /// Stanzas for everybody in the list, each recipient getting all of them in this order.
    case shared([SharedStanza], to: [JID])
    /// Something changed that a room keeps for longer than a run of the service: for whoever stores it.
    case changed(RoomChange, room: JID)
    /// For the archive, where there is one.
    case archive(ArchiveRequest)
    /// Something of moderation is to be kept: for whoever stores it.
    case moderation(ModerationRecord)
}
