import WebWire

/// Named bytes for the WebSocket decoder.
struct WebSocketSample: Sendable, CustomStringConvertible {
    let name: String
    let wire: [UInt8]
    let events: [WebSocketDecoder.Event]

    var description: String { name }

    private init(_ name: String, _ wire: [[UInt8]], _ events: [WebSocketDecoder.Event]) {
        self.name = name
        self.wire = wire.flatMap { $0 }
        self.events = events
    }

    /// Frames that end in a failure with this code.
    private static func bad(_ name: String, _ code: UInt16, _ wire: [UInt8]...) -> Self {
        WebSocketSample(name, wire, [.failure(code: code, reason: "")])
    }

    static func frame(_ opcode: WebSocketOpcode, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        WebSocketEncoder.maskedFrame(opcode: opcode, payload: payload, key: 0x37FA_213D, isFinal: isFinal)
    }

    static func frame(_ opcode: WebSocketOpcode, _ text: String, isFinal: Bool = true) -> [UInt8] {
        frame(opcode, Array(text.utf8), isFinal: isFinal)
    }

    static func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
        frame(.close, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    private static func text(_ text: String) -> WebSocketDecoder.Event { .text(Array(text.utf8)) }

    private static let mask: [UInt8] = [1, 2, 3, 4]

    static let accepted: [WebSocketSample] = [
        // RFC 6455 §5.7.
        WebSocketSample(
            "the masked hello of the RFC",
            [[0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]], [text("Hello")]),
        WebSocketSample("an empty message", [frame(.text, "")], [text("")]),
        WebSocketSample("two messages", [frame(.text, "a"), frame(.text, "b")], [text("a"), text("b")]),
        WebSocketSample("125 bytes", [frame(.text, long(125))], [text(long(125))]),
        WebSocketSample("126 bytes", [frame(.text, long(126))], [text(long(126))]),
        WebSocketSample("every width of character", [frame(.text, "aä€😀")], [text("aä€😀")]),
        WebSocketSample(
            "fragments", [frame(.text, "He", isFinal: false), frame(.continuation, "llo")], [text("Hello")]),
        WebSocketSample(
            "a character split over fragments",
            [frame(.text, [0xF0, 0x9F], isFinal: false), frame(.continuation, [0x98, 0x80])], [text("😀")]),
        WebSocketSample(
            "an empty last fragment",
            [frame(.text, "a", isFinal: false), frame(.continuation, "")], [text("a")]),
        WebSocketSample(
            "empty fragments",
            [
                frame(.text, "", isFinal: false), frame(.continuation, "", isFinal: false),
                frame(.continuation, "a"), frame(.text, "b"),
            ], [text("a"), text("b")]),
        WebSocketSample(
            "a ping between fragments",
            [frame(.text, "a", isFinal: false), frame(.ping, "p"), frame(.continuation, "b")],
            [.ping(Array("p".utf8)), text("ab")]),
        WebSocketSample(
            "a close between fragments",
            [frame(.text, "a", isFinal: false), close(1000), frame(.continuation, "b")],
            [.close(code: 1000, reason: [])]),
        WebSocketSample("an empty ping", [frame(.ping, "")], [.ping([])]),
        WebSocketSample("a ping of 125 bytes", [frame(.ping, long(125))], [.ping(Array(long(125).utf8))]),
        WebSocketSample("a ping that is no text", [frame(.ping, [0xFF, 0])], [.ping([0xFF, 0])]),
        WebSocketSample("a pong", [frame(.pong, "p")], [.pong(Array("p".utf8))]),
        WebSocketSample("a close without code", [frame(.close, "")], [.close(code: nil, reason: [])]),
        WebSocketSample(
            "a close with reason", [close(1001, Array("tschüß".utf8))],
            [.close(code: 1001, reason: Array("tschüß".utf8))]),
        WebSocketSample(
            "data after a close", [close(3000), frame(.text, "a"), frame(.close, ""), [0xFF]],
            [.close(code: 3000, reason: [])]),
        WebSocketSample("a mask of zeros", [[0x81, 0x81, 0, 0, 0, 0, 0x41]], [text("A")]),
    ]

    static let refused: [WebSocketSample] = [
        bad("an unmasked frame", 1002, [0x81, 0x01, 0x41]),
        bad("an unmasked ping", 1002, [0x89, 0x00]),
        bad("RSV1", 1002, [0xC1]),
        bad("RSV2", 1002, [0xA1]),
        bad("RSV3", 1002, [0x91]),
        bad("RSV1 on a ping", 1002, [0xC9]),
        bad("reserved opcode 3", 1002, [0x83]),
        bad("reserved opcode 7", 1002, [0x87]),
        bad("reserved opcode B", 1002, [0x8B]),
        bad("reserved opcode F", 1002, [0x8F]),
        bad("binary", 1003, [0x82]),
        bad("a binary fragment", 1003, [0x02]),
        bad("a ping of 126 bytes", 1002, [0x89, 0xFE]),
        bad("a close of 126 bytes", 1002, [0x88, 0xFE]),
        bad("a pong with a long length", 1002, [0x8A, 0xFF]),
        bad("a fragmented ping", 1002, [0x09]),
        bad("a fragmented close", 1002, [0x08]),
        bad("an orphan continuation", 1002, [0x80]),
        bad("an orphan fragment", 1002, [0x00]),
        WebSocketSample(
            "a continuation behind a message", [frame(.text, "a"), [0x80]],
            [text("a"), .failure(code: 1002, reason: "")]),
        bad("text inside a message", 1002, frame(.text, "a", isFinal: false), [0x81]),
        bad("binary inside a message", 1002, frame(.text, "a", isFinal: false), [0x82]),
        bad("125 in two bytes", 1002, [0x81, 0xFE, 0x00, 0x7D]),
        bad("0 in two bytes", 1002, [0x81, 0xFE, 0x00, 0x00]),
        bad("65535 in eight bytes", 1002, [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        bad("a length with the top bit", 1002, [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        bad("a length of all ones", 1002, [0x81, 0xFF] + [UInt8](repeating: 0xFF, count: 8)),
        bad("half a close code", 1002, frame(.close, [0x03])),
        bad("close 0", 1002, close(0)),
        bad("close 999", 1002, close(999)),
        bad("close 1004", 1002, close(1004)),
        bad("close 1005", 1002, close(1005)),
        bad("close 1006", 1002, close(1006)),
        bad("close 1015", 1002, close(1015)),
        bad("close 1016", 1002, close(1016)),
        bad("close 2999", 1002, close(2999)),
        bad("close 5000", 1002, close(5000)),
        bad("close 65535", 1002, close(65535)),
        bad("a close reason that is no UTF-8", 1007, close(1000, [0xFF])),
        bad("a close reason cut in a character", 1007, close(1000, [0xC3])),
        bad("a lone continuation byte", 1007, frame(.text, [0x80])),
        bad("an overlong slash", 1007, frame(.text, [0xC0, 0xAF])),
        bad("an overlong form of three bytes", 1007, frame(.text, [0xE0, 0x9F, 0xBF])),
        bad("an overlong form of four bytes", 1007, frame(.text, [0xF0, 0x8F, 0xBF, 0xBF])),
        bad("a surrogate", 1007, frame(.text, [0xED, 0xA0, 0x80])),
        bad("over U+10FFFF", 1007, frame(.text, [0xF4, 0x90, 0x80, 0x80])),
        bad("the byte FE", 1007, frame(.text, Array(long(20).utf8) + [0xFE])),
        bad("a message that ends in a character", 1007, frame(.text, [0x41, 0xE2, 0x82])),
        bad("bad UTF-8 before the end of a message", 1007, frame(.text, [0x41, 0xFF], isFinal: false)),
        bad("bad UTF-8 before the end of a frame", 1007, [0x81, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0, 0xC3, 0x28]),
        bad(
            "bad UTF-8 split over fragments", 1007,
            frame(.text, [0xCE, 0xBA, 0xED], isFinal: false), frame(.continuation, [0xA0, 0x80])),
        bad("a length over the limit", 1009, [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1]),
        bad("the longest length", 1009, [0x81, 0xFF, 0x7F] + [UInt8](repeating: 0xFF, count: 7)),
        bad("fragments over the limit", 1009, frame(.text, "ab", isFinal: false), [0x80, 0xFE, 0xFF, 0xFF]),
        bad("data behind a failure", 1002, [0xC1], frame(.text, "a"), close(1000)),
    ]

    static func long(_ count: Int) -> String { String(repeating: "x", count: count) }
}

extension WebSocketDecoder.Event {
    /// The event without the words for the log.
    var plain: Self {
        guard case .failure(let code, _) = self else { return self }
        return .failure(code: code, reason: "")
    }
}
