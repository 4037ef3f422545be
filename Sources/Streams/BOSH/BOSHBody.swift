import XMPP

/// The `<body/>` of an answer (XEP-0124 §6).
package enum BOSHBody {
    static func serialize(_ attributes: [Element.Attribute], payload: BOSHPayload = BOSHPayload()) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 256)
        if attributes.isEmpty {
            // Nearly every answer.
            bytes += plain
        } else {
            Element("body", Namespace.httpBind, attributes: attributes).serialize(into: &bytes)
        }
        guard !payload.isEmpty else { return bytes }
        bytes.removeLast("/>".utf8.count)
        if payload.usesStreamPrefix { bytes += " xmlns:stream='\(Namespace.streams)'".utf8 }
        bytes.append(UInt8(ascii: ">"))
        bytes += payload.bytes
        bytes += "</body>".utf8
        return bytes
    }

    private static let plain = Element("body", Namespace.httpBind).serialized

    /// The answer to a request that belongs to no session.
    package static func refusal(_ condition: BOSHCondition) -> [UInt8] {
        serialize([
            .init(name: "type", value: "terminate"), .init(name: "condition", value: condition.rawValue),
        ])
    }

    /// The answer to a request that another copy of itself has replaced (§14.3, §17.3): whoever reads it all the same
    /// repeats what it has no answer to. An empty body would be taken for the answer.
    static let superseded = serialize([.init(name: "type", value: "error")])
}
