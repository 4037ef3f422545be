/// Writes frames (RFC 6455 §5.2): unmasked, as a server sends them, and masked for clients.
package enum WebSocketEncoder {
    /// A control frame's payload has at most this many bytes (§5.5).
    package static let maximumControlPayload = 125
    /// The longest header of an unmasked frame, in bytes.
    package static let maximumHeader = 10
    /// The longest unmasked control frame, in bytes.
    package static let maximumControlFrame = 2 + maximumControlPayload

    /// Appends the header of an unmasked frame; exactly `length` payload bytes must follow. Lets a payload be written
    /// in pieces.
    package static func appendHeader(
        opcode: WebSocketOpcode, length: Int, isFinal: Bool = true, to output: inout [UInt8]
    ) {
        appendHeader(opcode: opcode, length: length, isFinal: isFinal, maskBit: 0, to: &output)
    }

    /// Appends a whole text message, which must be UTF-8.
    package static func appendText(_ text: [UInt8], to output: inout [UInt8]) {
        appendHeader(opcode: .text, length: text.count, to: &output)
        output.append(contentsOf: text)
    }

    /// Appends a ping. Payload past 125 bytes is left out.
    package static func appendPing(_ payload: [UInt8], to output: inout [UInt8]) {
        appendControl(.ping, payload[...], to: &output)
    }

    /// Appends a pong, the answer to a ping of the same payload. Payload past 125 bytes is left out.
    package static func appendPong(_ payload: [UInt8], to output: inout [UInt8]) {
        appendControl(.pong, payload[...], to: &output)
    }

    /// Appends a close frame. Without a code, or with one that may not be sent, it carries nothing; a reason that is
    /// too long is cut between characters.
    package static func appendClose(code: UInt16?, reason: String = "", to output: inout [UInt8]) {
        guard let code, WebSocketCloseCode.maySend(code) else {
            appendControl(.close, [], to: &output)
            return
        }
        var payload = [UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)]
        for scalar in reason.unicodeScalars {
            guard payload.count &+ UTF8.width(scalar) <= maximumControlPayload else { break }
            payload.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        appendControl(.close, payload[...], to: &output)
    }

    /// A whole frame as a client sends it, for tests and load generators.
    /// - Parameter key: the masking key, its highest byte first.
    package static func maskedFrame(
        opcode: WebSocketOpcode, payload: [UInt8], key: UInt32, isFinal: Bool = true
    ) -> [UInt8] {
        var output: [UInt8] = []
        appendHeader(opcode: opcode, length: payload.count, isFinal: isFinal, maskBit: 0x80, to: &output)
        var mask = WebSocketMask()
        for shift in [24, 16, 8, 0] as [UInt32] {
            let byte = UInt8(truncatingIfNeeded: key >> shift)
            output.append(byte)
            _ = mask.take(byte)
        }
        mask.append(payload.span, to: &output)
        return output
    }

    private static func appendControl(
        _ opcode: WebSocketOpcode, _ payload: ArraySlice<UInt8>, to output: inout [UInt8]
    ) {
        let payload = payload.prefix(maximumControlPayload)
        appendHeader(opcode: opcode, length: payload.count, to: &output)
        output.append(contentsOf: payload)
    }

    private static func appendHeader(
        opcode: WebSocketOpcode, length: Int, isFinal: Bool, maskBit: UInt8, to output: inout [UInt8]
    ) {
        let first = (isFinal ? 0x80 : 0) | opcode.rawValue
        // Room for the whole header is made once, since this runs for every delivery.
        output.append(addingCapacity: maximumHeader) { output in
            output.append(first)
            switch length {
            case ..<126:
                output.append(maskBit | UInt8(truncatingIfNeeded: length))
            case ...0xFFFF:
                output.append(maskBit | 126)
                appendBigEndian(length, bytes: 2, to: &output)
            default:
                output.append(maskBit | 127)
                appendBigEndian(length, bytes: 8, to: &output)
            }
        }
    }

    private static func appendBigEndian(_ number: Int, bytes: Int, to output: inout OutputSpan<UInt8>) {
        for place in (0..<bytes).reversed() {
            output.append(UInt8(truncatingIfNeeded: number >> (place &* 8)))
        }
    }
}
