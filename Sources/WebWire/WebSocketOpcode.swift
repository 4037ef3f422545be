/// The opcodes of RFC 6455 §5.2; all other values are reserved.
package enum WebSocketOpcode: UInt8, Sendable, CaseIterable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames may come between fragments, are never fragmented and have at most 125 bytes (§5.5).
    package var isControl: Bool { rawValue & 0x8 != 0 }
}
