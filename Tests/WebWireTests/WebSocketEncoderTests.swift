import Testing
import WebWire

@Suite struct WebSocketEncoderTests {
    private func bytes(_ body: (inout [UInt8]) -> Void) -> [UInt8] {
        var output: [UInt8] = []
        body(&output)
        return output
    }

    @Test func aServerSendsUnmaskedFrames() {
        #expect(bytes { WebSocketEncoder.appendText(Array("Hello".utf8), to: &$0) } == [0x81, 5] + Array("Hello".utf8))
        #expect(bytes { WebSocketEncoder.appendPing([1], to: &$0) } == [0x89, 1, 1])
        #expect(bytes { WebSocketEncoder.appendPong([], to: &$0) } == [0x8A, 0])
        #expect(bytes { WebSocketEncoder.appendClose(code: 1000, to: &$0) } == [0x88, 2, 3, 0xE8])
        #expect(bytes { WebSocketEncoder.appendClose(code: nil, reason: "x", to: &$0) } == [0x88, 0])
    }

    @Test(
        arguments: [
            ("125", 125, [0x81, 125]), ("126", 126, [0x81, 126, 0, 126]), ("65535", 65535, [0x81, 126, 0xFF, 0xFF]),
            ("65536", 65536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] as [(String, Int, [UInt8])])
    func aLengthHasItsShortestForm(name: String, length: Int, header: [UInt8]) {
        #expect(bytes { WebSocketEncoder.appendHeader(opcode: .text, length: length, to: &$0) } == header)
    }

    @Test func aCodeThatMayNotBeSentIsLeftOut() {
        for code: UInt16 in [0, 999, 1004, 1005, 1006, 1015, 2999, 5000] {
            #expect(bytes { WebSocketEncoder.appendClose(code: code, to: &$0) } == [0x88, 0])
        }
    }

    @Test func controlPayloadsFitTheirFrame() {
        let long = [UInt8](repeating: 1, count: 200)
        #expect(bytes { WebSocketEncoder.appendPong(long, to: &$0) } == [0x8A, 125] + long.prefix(125))
        // 123 bytes are left for the reason; a character of two bytes does not fit behind 122.
        let reason = String(repeating: "x", count: 122) + "ä"
        let frame = bytes { WebSocketEncoder.appendClose(code: 1008, reason: reason, to: &$0) }
        #expect(frame.count == 2 + 2 + 122)
    }
}
