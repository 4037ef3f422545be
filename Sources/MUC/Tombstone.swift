import XMPP

/// What takes the place of a message that was retracted (XEP-0424 §5, XEP-0425 §4).
package struct Tombstone: Hashable, Sendable {
    /// `<retracted/>`, with who did it and why where a moderator did.
    package let retracted: Element

    /// The message without what it said: who sent it, when, and under which ids.
    package func replacing(_ message: Stanza) -> Stanza {
        var stanza = message
        stanza.otherAttributes = []
        stanza.removeChildren { child in
            switch (child.name, child.namespace) {
            case ("stanza-id", Namespace.stanzaIDs), ("occupant-id", Namespace.occupantID), ("delay", Namespace.delay):
                false
            default: true
            }
        }
        stanza.payload.append(retracted)
        return stanza
    }
}
