/// How much XML one peer may send at a time. Past any of these the stream ends with `policy-violation`.
package struct XMLLimits: Hashable, Sendable {
    /// Bytes of one stanza, or of one document with everything around its root.
    package var stanzaBytes = 65_536
    /// Bytes of a stream header. It is kept for the life of the stream and read again with every stanza.
    package var headerBytes = 4_096
    /// Elements inside each other; the stanza itself is the first.
    package var depth = 64
    /// Attributes of one element, namespace declarations included.
    package var attributes = 64
    /// Elements of one stanza, itself included.
    package var elements = 1_000
    /// Namespace declarations in force at one place: what libxml2 searches for every prefix.
    package var namespaces = 128
    /// Bytes of namespace names once every element and attribute that is not in its parent's namespace declares its
    /// own, as our serializer writes them. Without it one long name, declared once and used a thousand times through
    /// a prefix, makes a stanza grow a thousandfold on its way through.
    package var namespaceBytes = 65_536

    package init() {}

    package init(stanzaBytes: Int) {
        self.stanzaBytes = stanzaBytes
    }
}
