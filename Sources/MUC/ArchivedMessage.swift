import XMPP

/// One message of a room as it is kept (XEP-0313): what was reflected, and who sent it.
package struct ArchivedMessage: Hashable, Sendable {
    package enum Kind: Int, Sendable {
        /// With a body: what newcomers are shown.
        case spoken = 0
        case subject = 1
        /// What changes or answers an earlier message without words: reactions, retractions.
        case reference = 2
        /// What is left of a retracted message (XEP-0424 §5).
        case tombstone = 3
    }

    package var id: StanzaID
    /// The localpart of the room.
    package var room: String
    /// Milliseconds since 1970.
    package var time: Int64
    package var kind: Kind
    /// The nick at that time; empty for what the room itself said.
    package var nick: String
    /// XEP-0421; empty for what the room itself said.
    package var occupantID: String
    /// The bare JID; nil for what the room itself said.
    package var person: JID?
    /// As it was reflected, without `to`.
    package var stanza: Stanza

    package init(
        id: StanzaID, room: String, time: Int64, kind: Kind, nick: String, occupantID: String, person: JID?,
        stanza: Stanza
    ) {
        self.id = id
        self.room = room
        self.time = time
        self.kind = kind
        self.nick = nick
        self.occupantID = occupantID
        self.person = person
        self.stanza = stanza
    }
}

extension ArchivedMessage.Kind {
    /// What a message is; nil for what is gone when it was said: chat states (XEP-0085), markers (XEP-0333) and whatever
    /// else has neither a body nor changes a message that has. All bodies and subjects are kept (XEP-0313 §6.1.2), whatever
    /// hints (XEP-0334) come with them: the archive is the room's.
    init?(of stanza: Stanza, isSubject: Bool) {
        if isSubject {
            self = .subject
        } else if stanza.hasChild("body") {
            self = .spoken
        } else if stanza.payload.contains(where: { Self.references.contains($0.namespace) }) {
            self = .reference
        } else {
            return nil
        }
    }

    /// XEP-0444, XEP-0424, XEP-0425, and XEP-0422 of their earlier versions.
    private static let references: Set<String> = [
        "urn:xmpp:reactions:0", "urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0",
        "urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0", "urn:xmpp:fasten:0",
    ]
}
