/// A stanza serialized once for many recipients: only `to` is spliced in for each.
///
/// `<message xmlns='jabber:client'` + ` to='…'` + everything else.
package final class StanzaBytes: Sendable {
    /// Where the bytes will stand.
    package enum Place: Sendable {
        /// Alone, with the namespace declared, as RFC 7395 §3.3.3 and a BOSH body want it.
        case document
        /// In a stream whose header declares the namespace of stanzas, whatever it is called there
        /// (`jabber:component:accept` of XEP-0114).
        case stream
    }

    /// ` xmlns='jabber:client'`
    private static let declaration: [UInt8] = {
        var bytes: [UInt8] = []
        XMLText.appendAttribute("xmlns", Namespace.client, to: &bytes)
        return bytes
    }()

    private let name: [UInt8]
    private let tail: [UInt8]

    /// Serializes everything but `to`.
    package init(_ stanza: Stanza) {
        name = [UInt8(ascii: "<")] + Array(stanza.kind.rawValue.utf8)
        var tail: [UInt8] = []
        tail.reserveCapacity(512)
        Element.serialize(stanza.attributes(withTo: false), into: &tail)
        Element.serializeContent(
            stanza.payload.map(Element.Node.element), of: stanza.kind.rawValue, scope: Namespace.client, into: &tail)
        self.tail = tail
    }

    /// Bytes that `append(to:in:into:)` writes for this recipient; the frame header in front needs to know.
    package func count(to recipient: Recipient, in place: Place = .document) -> Int {
        name.count + (place == .document ? Self.declaration.count : 0) + recipient.attribute.count + tail.count
    }

    package func append(to recipient: Recipient, in place: Place = .document, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: name)
        if place == .document { bytes.append(contentsOf: Self.declaration) }
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
