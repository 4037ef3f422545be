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

    /// The stanza as a document, without `to`.
    private let bytes: [UInt8]
    /// Where the name ends, and behind it the declaration: there `to` goes.
    private let nameEnd: Int
    private let headEnd: Int

    /// Serializes everything but `to`.
    package init(_ stanza: Stanza) {
        let name = stanza.kind.rawValue
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: name.utf8)
        nameEnd = bytes.count
        bytes.append(contentsOf: Self.declaration)
        headEnd = bytes.count
        Element.serialize(stanza.attributes(withTo: false), into: &bytes)
        Element.serializeContent(
            stanza.payload.map(Element.Node.element), of: name, scope: Namespace.client, into: &bytes)
        self.bytes = bytes
    }

    /// Bytes that `append(to:in:into:)` writes for this recipient; the frame header in front needs to know.
    package func count(to recipient: Recipient, in place: Place = .document) -> Int {
        bytes.count - (place == .document ? 0 : headEnd - nameEnd) + recipient.attribute.count
    }

    /// Three block copies: this runs for every delivery.
    package func append(to recipient: Recipient, in place: Place = .document, into output: inout [UInt8]) {
        let end = place == .document ? headEnd : nameEnd
        // Slices of the array would count references.
        bytes.withUnsafeBufferPointer { bytes in
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[..<end]))
            output.append(contentsOf: recipient.attribute)
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[headEnd...]))
        }
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
