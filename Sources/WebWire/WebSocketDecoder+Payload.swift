/// Payloads: unmasking, reassembly, and what the frames mean (RFC 6455 §5.4, §5.5).
extension WebSocketDecoder {
    /// Takes bytes of the current frame's payload, not more than `remaining`.
    mutating func readPayload(_ bytes: Span<UInt8>) -> Event? {
        remaining &-= UInt64(bytes.count)
        if opcode.isControl {
            mask.append(bytes, to: &control)
        } else {
            let before = message.count
            mask.append(bytes, to: &message)
            // Bad text fails with the byte that makes it bad, not at the end of the message (§8.1).
            var validator = validator
            guard validator.accept(message.span.extracting(before..<message.count)) else { return failText() }
            self.validator = validator
        }
        return remaining == 0 ? finishFrame() : nil
    }

    /// The payload of a frame is complete.
    mutating func finishFrame() -> Event? {
        stage = .opcode
        guard opcode.isControl else { return finishFragment() }
        let payload = control
        control = []
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default: return readClose(payload)
        }
    }

    private mutating func finishFragment() -> Event? {
        guard isFinal else { return nil }
        guard validator.isComplete else { return failText() }
        let text = message
        message = []
        isInMessage = false
        emptyFragments = 0
        controlFramesInMessage = 0
        return .text(text)
    }

    /// Nothing, or a code and a reason (§5.5.1).
    private mutating func readClose(_ payload: [UInt8]) -> Event {
        guard let high = payload.first else {
            finish()
            return .close(code: nil, reason: [])
        }
        guard let low = payload.dropFirst().first else {
            return fail(WebSocketCloseCode.protocolError, "half a close code")
        }
        let code = UInt16(high) << 8 | UInt16(low)
        guard WebSocketCloseCode.maySend(code) else {
            return fail(WebSocketCloseCode.protocolError, "close code that may not be sent")
        }
        let reason = Array(payload.dropFirst(2))
        var validator = UTF8Validator()
        guard validator.accept(reason.span), validator.isComplete else { return failText() }
        finish()
        return .close(code: code, reason: reason)
    }

    private mutating func failText() -> Event {
        fail(WebSocketCloseCode.invalidPayload, "not UTF-8")
    }
}
