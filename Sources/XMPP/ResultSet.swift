/// Paging through a list (XEP-0059): what a request asks for.
package struct ResultSetRequest: Hashable, Sendable {
    package enum Position: Hashable, Sendable {
        case first
        /// `<after/>`
        case after(String)
        /// `<before/>` with an item, or the last page without one.
        case before(String)
        case last
        /// `<index/>`, from 0.
        case index(Int)
    }

    package var position = Position.first
    /// Nil: as many as the responder likes.
    package var maximum: Int?

    package static let namespace = "http://jabber.org/protocol/rsm"

    /// Reads `<set/>` inside a request; nil when there is none.
    ///
    /// - Throws: `bad-request` for a number that is none, and for several positions at once.
    package init?(_ query: Element) throws(StanzaError) {
        guard let set = query.child("set", Self.namespace) else { return nil }
        func number(_ name: String) throws(StanzaError) -> Int? {
            guard let text = set.child(name, Self.namespace)?.text else { return nil }
            guard let value = Int(text), value >= 0 else { throw .badRequest("\(name) is a number.") }
            return value
        }
        maximum = try number("max")
        var positions: [Position] = []
        if let after = set.child("after", Self.namespace)?.text { positions.append(.after(after)) }
        if let before = set.child("before", Self.namespace)?.text {
            positions.append(before.isEmpty ? .last : .before(before))
        }
        if let index = try number("index") { positions.append(.index(index)) }
        guard positions.count <= 1 else { throw .badRequest("One position, please.") }
        position = positions.first ?? .first
    }
}

/// What the answer says about its page (XEP-0059).
package struct ResultSet: Hashable, Sendable {
    package var first: String?
    package var last: String?
    /// Of the first item, from 0; nil when it is not known.
    package var index: Int?
    /// Of the whole list; nil when it is not known.
    package var count: Int?

    package init(first: String?, last: String?, index: Int?, count: Int?) {
        self.first = first
        self.last = last
        self.index = index
        self.count = count
    }

    package var element: Element {
        let namespace = ResultSetRequest.namespace
        var set = Element("set", namespace)
        if let first {
            var element = Element("first", namespace, text: first)
            element["index"] = index.map { String($0) }
            set.append(element)
        }
        if let last { set.append(Element("last", namespace, text: last)) }
        if let count { set.append(Element("count", namespace, text: String(count))) }
        return set
    }
}
