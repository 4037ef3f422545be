/// Percent-encoding (RFC 3986 §2.1).
package enum PercentDecoding {
    /// The segments of a request path, each decoded exactly once, safe to be looked up below a directory.
    ///
    /// `/a/b` is `["a", "b"]`; a slash at the end makes an empty last segment, so `/` is `[""]`. nil, which callers
    /// answer with 404, for everything that could leave the directory or name something else than it shows: `.` and
    /// `..` in any spelling, an encoded or literal `\`, an encoded `/`, empty segments in the middle, control
    /// characters, broken escapes and what is no UTF-8. A double encoding (`%252e`) decodes to the literal text `%2e`.
    package static func decodePath(_ path: String) -> [String]? {
        let bytes = Array(path.utf8)
        guard bytes.first == UInt8(ascii: "/") else { return nil }
        let parts = bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var segments: [String] = []
        for (index, part) in parts.enumerated() {
            guard !part.isEmpty || index == parts.count - 1, let decoded = bytesOnce(part),
                !decoded.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }),
                let text = String(validating: decoded, as: UTF8.self), text != ".", text != "..",
                // C0, DEL and C1.
                !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { return nil }
            segments.append(text)
        }
        return segments
    }

    /// A text with its escapes decoded once; nil for a broken escape and for what is no UTF-8. `+` stays `+`.
    package static func decode(_ text: String) -> String? {
        guard let bytes = bytesOnce(Array(text.utf8)[...]) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func bytesOnce(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue else { return nil }
            output.append(high << 4 | low)
        }
        return output
    }
}
