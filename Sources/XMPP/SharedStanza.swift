/// A stanza that goes to many, and its bytes: serialized once, whoever gets it and whenever.
package final class SharedStanza: Sendable {
    /// Without `to`.
    package let stanza: Stanza
    package let bytes: StanzaBytes

    package init(_ stanza: Stanza) {
        var stanza = stanza
        stanza.to = nil
        self.stanza = stanza
        bytes = StanzaBytes(stanza)
    }
}
