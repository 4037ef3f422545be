/// Entity tags (RFC 9110 §8.8.3).
package enum ETag {
    /// Whether `If-None-Match` covers the current representation, so that the answer is 304 (RFC 9110 §13.1.2).
    /// Tags are compared weakly. A malformed list matches nothing.
    /// - Parameter current: the tag as it stands in the `ETag` field: `"…"` or `W/"…"`.
    package static func matches(_ headers: HTTPHeaders, current: String) -> Bool {
        let values = headers.values("If-None-Match")
        guard !values.isEmpty else { return false }
        if values == ["*"] { return true }
        let opaque = weak(Array(current.utf8)[...])
        var found = false
        for value in values {
            guard let tags = list(Array(value.utf8)[...]) else { return false }
            if tags.contains(opaque) { found = true }
        }
        return found
    }

    /// The opaque parts of a comma-separated list of tags. A comma may be inside of the quotes.
    private static func list(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        var tags: [ArraySlice<UInt8>] = []
        var rest = text
        while true {
            rest = rest.drop { $0.isBlank || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { return tags }
            rest = weak(rest)
            guard rest.first == UInt8(ascii: "\""),
                let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")),
                rest[rest.startIndex..<end].allSatisfy({ $0.isVisible || $0 >= 0x80 })
            else { return nil }
            tags.append(rest[...end])
            rest = rest[(end &+ 1)...].drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }

    private static func weak(_ tag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        tag.starts(with: "W/".utf8) ? tag.dropFirst(2) : tag
    }
}
