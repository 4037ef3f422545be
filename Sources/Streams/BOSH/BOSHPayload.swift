import XMPP

/// What waits to go into a body: elements, each with its own namespace declared.
struct BOSHPayload: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Whether the body has to declare `xmlns:stream`.
    private(set) var usesStreamPrefix = false

    var isEmpty: Bool { bytes.isEmpty }
    var count: Int { bytes.count }

    /// Serialized stanzas that declare their own namespace.
    mutating func append(_ stanzas: [UInt8]) {
        bytes += stanzas
    }

    /// `<features/>` and `<error/>` get the prefix `stream`: XEP-0206 §2 wants it declared, and there are clients that
    /// look for nothing else. Neither has attributes.
    mutating func append(_ element: Element) {
        guard element.namespace == Namespace.streams else { return element.serialize(into: &bytes) }
        usesStreamPrefix = true
        bytes += "<stream:\(element.name)>".utf8
        for child in element.children { child.serialize(into: &bytes) }
        bytes += "</stream:\(element.name)>".utf8
    }

    mutating func append(_ other: BOSHPayload) {
        bytes += other.bytes
        usesStreamPrefix = usesStreamPrefix || other.usesStreamPrefix
    }

    /// All that waits; nothing does afterwards.
    mutating func take() -> BOSHPayload {
        defer { self = BOSHPayload() }
        return self
    }
}
