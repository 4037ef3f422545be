/// What a server sends to many of our addresses: the same stanza again and again, and only `to` differs.
///
/// A room on another service writes one copy for each occupant it has here. The first is read; the others are
/// recognised by their bytes, so that a copy costs a comparison instead of a tree.
struct RepeatedStanza {
    private let before: [UInt8]
    private let after: [UInt8]
    private let element: Element

    /// Remembers a stanza that was read. Nil when it has no `to` that could be told apart.
    init?(_ bytes: ArraySlice<UInt8>, _ element: Element) {
        guard let recipient = Self.recipient(in: bytes) else { return nil }
        before = Array(bytes[..<recipient.lowerBound])
        after = Array(bytes[recipient.upperBound...])
        self.element = element
    }

    /// The element of these bytes, if they are the same stanza for perhaps another recipient.
    func element(of bytes: ArraySlice<UInt8>) -> Element? {
        guard bytes.starts(with: before), let recipient = Self.recipient(in: bytes),
            recipient.lowerBound - bytes.startIndex == before.count, bytes[recipient.upperBound...] == after[...]
        else { return nil }
        var copy = element
        copy["to"] = String(decoding: bytes[recipient], as: UTF8.self)
        return copy
    }

    /// Where the value of `to` stands in the start tag. Only plain values are found: printable ASCII, nothing escaped,
    /// as the addresses that we give our visitors are.
    private static func recipient(in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        // The quote that the value at hand is in.
        var quote: UInt8?
        // Where that value begins, when it is that of `to`.
        var start: Int?
        for index in bytes.indices {
            let byte = bytes[index]
            if let open = quote {
                if byte != open {
                    guard start == nil || isPlain(byte) else { return nil }
                    continue
                }
                if let start { return start..<index }
                quote = nil
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
                start = bytes[..<index].suffix(label.count).elementsEqual(label) ? index + 1 : nil
            } else if byte == UInt8(ascii: ">") {
                return nil
            }
        }
        return nil
    }

    /// How every server writes it; what is written otherwise is read as usual.
    private static let label = Array(" to=".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<")
    }
}
