extension StreamParser {
    /// Reads one whole document and returns its root.
    ///
    /// It shares nothing with `feed` but the limits, and one parser serves any number of connections.
    ///
    /// - Parameter allowsLeadingSpace: RFC 7395 §3.3.3 wants `<` as the very first byte; a BOSH body is any document.
    /// - Throws: As `feed` does; and `not-well-formed` for anything but white space around the one root element.
    package func parseDocument(_ bytes: Span<UInt8>, allowsLeadingSpace: Bool = false) throws(StreamError) -> Element {
        guard bytes.count <= limits.stanzaBytes else { throw StreamError(.policyViolation, "Too large.") }
        guard allowsLeadingSpace || (!bytes.isEmpty && bytes[0] == UInt8(ascii: "<")) else {
            throw XMLScanner.malformed("A message begins with a tag.")
        }
        var scanner = XMLScanner(mode: .document, limits: limits)
        var root = 0..<0
        var index = 0
        while let start = try scanner.beginning(in: bytes, from: index) {
            guard let end = try scanner.end(in: bytes, from: start + 1, to: bytes.count) else {
                throw XMLScanner.malformed("The document is not complete.")
            }
            switch scanner.piece {
            case .declaration: try XMLDeclaration.check(bytes.extracting(start..<end))
            default: root = start..<end
            }
            index = end
        }
        guard !root.isEmpty else { throw XMLScanner.malformed("The document has no root element.") }
        return try tree.parse(bytes.extracting(root), at: 0)
    }
}
