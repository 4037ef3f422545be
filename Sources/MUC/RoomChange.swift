import XMPP

/// One change of what a room keeps (`RoomState`).
///
/// Whoever stores rooms takes the whole `MUCService.state(localpart:)` when it hears of a room for the first time, and
/// these from then on. A room whose configuration is not persistent need not be stored.
package enum RoomChange: Hashable, Sendable {
    case configuration(RoomConfiguration)
    /// Somebody's entry is new or other than before; nil: there is none any more.
    case affiliation(JID, AffiliationEntry?)
    /// The message that set the subject.
    case subject(Stanza?)
    /// The message with this stanza-id (XEP-0359) is retracted (XEP-0424, XEP-0425): what takes its place holds
    /// `<retracted/>` and nothing that was said. With an author, only if the message carries that occupant id: the room
    /// has looked, but only at what it still remembered.
    case retraction(stanzaID: String, author: String?, tombstone: Tombstone)
    /// The room is no more, and neither is what was kept of it: its owner destroyed it, or it was temporary and is empty.
    case destroyed
}
