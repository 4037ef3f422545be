/// A message, presence or IQ (RFC 6120 §8), addresses parsed, everything else as it came.
package struct Stanza: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case message, presence, iq
    }

    package var kind: Kind
    package var type: String?
    package var id: String?
    package var from: JID?
    package var to: JID?
    package var lang: String?
    /// Attributes that RFC 6120 does not know; passed on unchanged.
    package var otherAttributes: [Element.Attribute] = []
    /// The children. Character data directly inside a stanza has no meaning (RFC 6120 §8.4) and is dropped.
    package var payload: [Element]

    package init(
        _ kind: Kind, type: String? = nil, id: String? = nil, from: JID? = nil, to: JID? = nil,
        _ payload: [Element] = []
    ) {
        self.kind = kind
        self.type = type
        self.id = id
        self.from = from
        self.to = to
        self.payload = payload
    }

    /// What keeps an element from being a stanza.
    package enum Refusal: Error, Hashable, Sendable {
        /// Not `message`, `presence` or `iq` in `jabber:client`: ends the stream (`unsupported-stanza-type`).
        case notAStanza
        /// `to` or `from` is no address, or an IQ breaks RFC 6120 §8.2.3. The stanza, without the bad address, so that
        /// the error finds its way back.
        case invalid(Stanza, StanzaError)
    }

    /// Reads a stanza from a parsed element.
    package init(_ element: Element) throws(Refusal) {
        guard element.namespace == Namespace.client, let kind = Kind(rawValue: element.name) else {
            throw .notAStanza
        }
        self.init(kind, element.children)
        var isAddressed = true
        for attribute in element.attributes {
            switch (attribute.namespace, attribute.name) {
            case ("", "type"): type = attribute.value
            case ("", "id"): id = attribute.value
            case ("", "to"):
                to = JID(attribute.value)
                if to == nil { isAddressed = false }
            case ("", "from"):
                from = JID(attribute.value)
                if from == nil { isAddressed = false }
            case (Namespace.xml, "lang"): lang = attribute.value
            default: otherAttributes.append(attribute)
            }
        }
        guard isAddressed else { throw .invalid(self, .jidMalformed("An address of this stanza is not a JID.")) }
        guard kind != .iq || isValidIQ else {
            throw .invalid(self, .badRequest("An IQ needs an id, a known type, and one child in a get or set."))
        }
    }

    private init(_ kind: Kind, _ payload: [Element]) {
        self.kind = kind
        self.payload = payload
    }

    private var isValidIQ: Bool {
        guard id != nil else { return false }
        switch type {
        case "get", "set": return payload.count == 1
        case "result": return payload.count <= 1
        case "error": return true
        default: return false
        }
    }

    package func child(_ name: String, _ namespace: String) -> Element? {
        payload.first { $0.isNamed(name, namespace) }
    }

    package mutating func removeChildren(where shouldRemove: (Element) -> Bool) {
        payload.removeAll(where: shouldRemove)
    }

    package var isError: Bool { type == "error" }

    /// An IQ that must be answered (RFC 6120 §8.2.3). Results, errors and everything else never are.
    package var isRequest: Bool { kind == .iq && (type == "get" || type == "set") }

    /// Errors and IQ results are never answered, not even by an error (RFC 6120 §8.3.1).
    package var mayBeAnswered: Bool { !isError && !(kind == .iq && type == "result") }

    /// The answer to an IQ, addresses swapped.
    package func result(_ payload: Element? = nil) -> Stanza {
        Stanza(.iq, type: "result", id: id, from: to, to: from, payload.map { [$0] } ?? [])
    }

    /// The error answer, addresses swapped, without the original payload (RFC 6120 §8.3.1 leaves that open, and it
    /// would double the traffic of a refused flood). Nil where an answer is not allowed.
    package func error(_ error: StanzaError, by: JID? = nil) -> Stanza? {
        guard mayBeAnswered else { return nil }
        return Stanza(kind, type: "error", id: id, from: to, to: from, [error.element(by: by)])
    }

    /// The stanza as an element in `jabber:client`.
    package var element: Element {
        Element(
            kind.rawValue, Namespace.client, attributes: attributes(withTo: true),
            nodes: payload.map(Element.Node.element))
    }

    func attributes(withTo: Bool) -> [Element.Attribute] {
        var attributes: [Element.Attribute] = []
        attributes.reserveCapacity(5 + otherAttributes.count)
        if withTo, let to { attributes.append(.init(name: "to", value: to.description)) }
        if let from { attributes.append(.init(name: "from", value: from.description)) }
        if let type { attributes.append(.init(name: "type", value: type)) }
        if let id { attributes.append(.init(name: "id", value: id)) }
        if let lang { attributes.append(.init(name: "lang", namespace: Namespace.xml, value: lang)) }
        attributes.append(contentsOf: otherAttributes)
        return attributes
    }
}
