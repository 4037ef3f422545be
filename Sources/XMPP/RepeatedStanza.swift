/// What a server sends to many of our addresses: the same stanza again and again, and only `to` differs.
///
/// A room on another service writes one copy for each occupant it has here. The first is read; the others are recognised
/// by their bytes and share what was made of the first, so that a copy costs a comparison instead of a tree.
package final class RepeatedStanza {
    /// As it was read first.
    let element: Element
    /// What stands in front of the recipient, up to the quote; and behind it, from the quote on.
    private let before: [UInt8]
    private let after: [UInt8]

    /// The stanza, addressed to who got it first; nil when it is none.
    package private(set) lazy var stanza: Stanza? = try? Stanza(element)

    /// The longest that is remembered, in bytes. What is longer costs more to write than to read.
    private static let longest = 8_192
    /// The longest recipient: three parts of an address and what is between them.
    private static let longestRecipient = 3 * JID.maximumPartLength + 2

    /// Remembers a stanza that was read. Nil when it has no `to` that could be told apart, or is too long.
    init?(_ bytes: Span<UInt8>, _ element: Element) {
        guard bytes.count <= Self.longest, let recipient = Self.recipient(in: bytes) else { return nil }
        before = [UInt8](bytes.extracting(..<recipient.lowerBound))
        after = [UInt8](bytes.extracting(recipient.upperBound...))
        self.element = element
    }

    enum Match {
        case none
        /// As far as the bytes go.
        case incomplete
        case copy(recipient: Range<Int>, end: Int)
    }

    /// Whether the bytes from `start` on are a copy.
    func match(_ bytes: Span<UInt8>, from start: Int) -> Match {
        guard bytes.continues(at: start, as: before) else { return .none }
        guard bytes.count - start > before.count, let quote = after.first else { return .incomplete }
        let recipient = start + before.count
        var end = recipient
        while end < bytes.count, bytes[end] != quote {
            guard Self.isPlain(bytes[end]), end - recipient < Self.longestRecipient else { return .none }
            end += 1
        }
        guard bytes.continues(at: end, as: after) else { return .none }
        guard bytes.count - end >= after.count else { return .incomplete }
        return .copy(recipient: recipient..<end, end: end + after.count)
    }

    /// The copy for another recipient.
    func element(to recipient: String) -> Element {
        var copy = element
        copy["to"] = recipient
        return copy
    }

    /// Where the value of `to` stands in the start tag. Only plain values are found: printable ASCII, nothing escaped,
    /// as the addresses that we give our visitors are.
    private static func recipient(in bytes: Span<UInt8>) -> Range<Int>? {
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
                start = isLabel(bytes, endingAt: index) ? index + 1 : nil
            } else if byte == UInt8(ascii: ">") {
                return nil
            }
        }
        return nil
    }

    /// ` to=`, how every server writes it; what is written otherwise is read as usual.
    private static func isLabel(_ bytes: Span<UInt8>, endingAt end: Int) -> Bool {
        end >= 4 && bytes[end - 4] == UInt8(ascii: " ") && bytes[end - 3] == UInt8(ascii: "t")
            && bytes[end - 2] == UInt8(ascii: "o") && bytes[end - 1] == UInt8(ascii: "=")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<")
    }
}

extension RepeatedStanza: Hashable {
    package static func == (left: RepeatedStanza, right: RepeatedStanza) -> Bool {
        left === right || (left.before == right.before && left.after == right.after)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(before)
        hasher.combine(after)
    }
}
