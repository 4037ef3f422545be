import XMPP

/// The `<body/>` of an answer (XEP-0124 §5).
package enum BOSHBody {
    /// Every stanza declares its own namespace, so they are put inside as they are.
    static func serialize(_ attributes: [Element.Attribute], payload: [UInt8] = []) -> [UInt8] {
        let empty = Element("body", Namespace.httpBind, attributes: attributes).serialized
        guard !payload.isEmpty else { return empty }
        return empty.dropLast("/>".utf8.count) + Array(">".utf8) + payload + Array("</body>".utf8)
    }

    /// The answer to a request that belongs to no session.
    package static func refusal(_ condition: BOSHCondition) -> [UInt8] {
        serialize([
            .init(name: "type", value: "terminate"), .init(name: "condition", value: condition.rawValue),
        ])
    }
}
