/// WebSocket frames of a client (RFC 6455 §5.3): masked, as servers demand it.
enum ClientFrame {
    /// Any key is as good as another here: nothing but the server's work of unmasking is wanted.
    private static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    static func make(_ kind: ServerFrame.Kind, _ payload: some Collection<UInt8>) -> [UInt8] {
        var frame: [UInt8] = [0x80 | kind.rawValue]
        frame.reserveCapacity(payload.count + 14)
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65_536: frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            frame.append(0xFF)
            for shift in stride(from: 56, through: 0, by: -8) { frame.append(UInt8(payload.count >> shift & 0xFF)) }
        }
        frame += mask
        for (index, byte) in payload.enumerated() { frame.append(byte ^ mask[index & 3]) }
        return frame
    }
}
