/// Frame headers (RFC 6455 §5.2), byte by byte: each verdict falls with the byte that brings it.
extension WebSocketDecoder {
    mutating func readHeader(_ byte: UInt8) -> Event? {
        switch stage {
        case .opcode:
            return readOpcode(byte)
        case .length:
            return readLength(byte)
        case .shortLength(let missing):
            remaining = remaining << 8 | UInt64(byte)
            guard missing == 1 else {
                stage = .shortLength(missing: missing &- 1)
                return nil
            }
            return checkLength(over: 125)
        case .longLength(let missing):
            remaining = remaining << 8 | UInt64(byte)
            guard missing == 1 else {
                stage = .longLength(missing: missing &- 1)
                return nil
            }
            return checkLength(over: 0xFFFF)
        case .mask:
            guard mask.take(byte) else { return nil }
            stage = .payload
            return remaining == 0 ? finishFrame() : nil
        case .payload:
            return nil
        }
    }

    private mutating func readOpcode(_ byte: UInt8) -> Event? {
        guard byte & 0x70 == 0 else { return fail(WebSocketCloseCode.protocolError, "reserved bits") }
        guard let opcode = WebSocketOpcode(rawValue: byte & 0x0F) else {
            return fail(WebSocketCloseCode.protocolError, "reserved opcode")
        }
        isFinal = byte & 0x80 != 0
        self.opcode = opcode
        switch opcode {
        case .continuation:
            guard isInMessage else { return fail(WebSocketCloseCode.protocolError, "continuation of nothing") }
        case .text, .binary:
            guard !isInMessage else { return fail(WebSocketCloseCode.protocolError, "message inside a message") }
            // XMPP is text (RFC 7395 §3.2).
            guard opcode == .text else { return fail(WebSocketCloseCode.unsupportedData, "binary message") }
            isInMessage = true
            validator = UTF8Validator()
        case .close, .ping, .pong:
            guard isFinal else { return fail(WebSocketCloseCode.protocolError, "fragmented control frame") }
            guard isInMessage else { break }
            controlFramesInMessage &+= 1
            guard controlFramesInMessage <= limits.controlFrames else {
                return fail(WebSocketCloseCode.policyViolation, "too many control frames inside a message")
            }
        }
        stage = .length
        return nil
    }

    private mutating func readLength(_ byte: UInt8) -> Event? {
        guard byte & 0x80 != 0 else { return fail(WebSocketCloseCode.protocolError, "unmasked frame") }
        mask = WebSocketMask()
        let length = byte & 0x7F
        guard length < 126 || !opcode.isControl else {
            return fail(WebSocketCloseCode.protocolError, "control frame too long")
        }
        switch length {
        case 126:
            remaining = 0
            stage = .shortLength(missing: 2)
        case 127:
            remaining = 0
            stage = .longLength(missing: 8)
        default:
            remaining = UInt64(length)
            return checkLimits()
        }
        return nil
    }

    /// An extended length is complete: it must be the shortest form and have no top bit.
    /// - Parameter shorter: the longest length that has a shorter form.
    private mutating func checkLength(over shorter: UInt64) -> Event? {
        guard remaining >> 63 == 0 else { return fail(WebSocketCloseCode.protocolError, "length with top bit") }
        guard remaining > shorter else {
            return fail(WebSocketCloseCode.protocolError, "length not in its shortest form")
        }
        return checkLimits()
    }

    private mutating func checkLimits() -> Event? {
        stage = .mask
        guard !opcode.isControl else { return nil }
        guard remaining <= UInt64(Swift.max(0, limits.message &- message.count)) else {
            return fail(WebSocketCloseCode.messageTooBig, "message too long")
        }
        if remaining == 0, !isFinal { emptyFragments &+= 1 }
        guard emptyFragments <= limits.emptyFragments else {
            return fail(WebSocketCloseCode.policyViolation, "too many empty fragments")
        }
        return nil
    }
}
