/// A stanza serialized once for many recipients: only `to` is spliced in for each.
///
/// `<message xmlns='jabber:client'` + ` to='…'` + everything else.
package final class StanzaBytes: Sendable {
    private let head: [UInt8]
    private let tail: [UInt8]

    /// Serializes everything but `to`. The namespace is declared, so the bytes are a document of their own, as RFC 7395
    /// §3.3.3 and a BOSH body want it.
    package init(_ stanza: Stanza) {
        var head: [UInt8] = [UInt8(ascii: "<")]
        head.append(contentsOf: stanza.kind.rawValue.utf8)
        XMLText.appendAttribute("xmlns", Namespace.client, to: &head)
        var tail: [UInt8] = []
        tail.reserveCapacity(512)
        Element.serialize(stanza.attributes(withTo: false), into: &tail)
        Element.serializeContent(
            stanza.payload.map(Element.Node.element), of: stanza.kind.rawValue, scope: Namespace.client, into: &tail)
        self.head = head
        self.tail = tail
    }

    /// Bytes that `append(to:into:)` writes for this recipient; the frame header in front needs to know.
    package func count(to recipient: Recipient) -> Int { head.count + recipient.attribute.count + tail.count }

    package func append(to recipient: Recipient, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: head)
        bytes.append(contentsOf: recipient.attribute)
        bytes.append(contentsOf: tail)
    }

    /// The ` to='…'` of one recipient, escaped once when its session is bound.
    package struct Recipient: Sendable {
        fileprivate let attribute: [UInt8]

        package init(_ jid: JID?) {
            var attribute: [UInt8] = []
            if let jid { XMLText.appendAttribute("to", jid.description, to: &attribute) }
            self.attribute = attribute
        }
    }
}
