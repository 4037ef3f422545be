import SeededTesting
import Testing
import WebWire

@Suite struct WebSocketDecoderTests {
    @Test(arguments: WebSocketSample.accepted + WebSocketSample.refused)
    func framesMeanTheSameHoweverTheyAreCut(sample: WebSocketSample) {
        for pieces in Feed.cuts(sample.wire) {
            #expect(Feed.webSocket(pieces).map(\.plain) == sample.events)
        }
    }

    @Test(arguments: WebSocketSample.refused.filter { !$0.name.contains("orphan") })
    func aBrokenFrameFailsInsideAMessageToo(sample: WebSocketSample) {
        let begin = WebSocketSample.frame(.text, "a", isFinal: false)
        let events = Feed.webSocket([begin, sample.wire])
        guard case .failure = events.last else {
            Issue.record("no failure: \(events)")
            return
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 125, 126, 127, 255, 4096, 65535, 65536])
    func everyLengthComesBackAsItWasSent(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        let text = (0..<length).map { _ in UInt8.random(in: 0x20...0x7E, using: &generator) }
        let wire = WebSocketEncoder.maskedFrame(opcode: .text, payload: text, key: 0x0102_0304)
        #expect(Feed.webSocket([wire]) == [.text(text)])
        #expect(Feed.webSocket(wire.map { [$0] }) == [.text(text)])
        for _ in 0..<8 {
            #expect(Feed.webSocket(generator.pieces(wire)) == [.text(text)])
        }
    }

    @Test func theLimitCountsAllFragments() {
        let limits = WebSocketLimits(message: 10)
        let five = WebSocketSample.frame(.text, "12345", isFinal: false)
        let last = WebSocketSample.frame(.continuation, "67890")
        #expect(Feed.webSocket([five, last], limits: limits) == [.text(Array("1234567890".utf8))])
        // The header alone decides.
        let events = Feed.webSocket([five, [0x80, 0x86]], limits: limits)
        #expect(events.map(\.plain) == [.failure(code: 1009, reason: "")])
        #expect(Feed.webSocket([[0x81, 0x8B]], limits: limits).map(\.plain) == [.failure(code: 1009, reason: "")])
    }

    @Test func emptyFragmentsAreCountedPerMessage() {
        let limits = WebSocketLimits(emptyFragments: 3)
        let begin = WebSocketSample.frame(.text, "", isFinal: false)
        let empty = WebSocketSample.frame(.continuation, "", isFinal: false)
        let end = WebSocketSample.frame(.continuation, "")
        let allowed = begin + empty + empty + end
        #expect(Feed.webSocket([allowed, allowed], limits: limits) == [.text([]), .text([])])
        let events = Feed.webSocket([begin + empty + empty + empty], limits: limits)
        #expect(events.map(\.plain) == [.failure(code: 1008, reason: "")])
    }

    @Test func controlFramesAreCountedPerMessage() {
        let limits = WebSocketLimits(controlFrames: 2)
        let ping = WebSocketSample.frame(.ping, "")
        let begin = WebSocketSample.frame(.text, "a", isFinal: false)
        let end = WebSocketSample.frame(.continuation, "b")
        #expect(Feed.webSocket([ping + ping + ping + begin + ping + ping + end + ping], limits: limits).count == 7)
        let events = Feed.webSocket([begin + ping + ping + ping], limits: limits)
        #expect(events.map(\.plain) == [.ping([]), .ping([]), .failure(code: 1008, reason: "")])
        var decoder = WebSocketDecoder(limits: limits)
        _ = decoder.receive((begin + ping).span)
        #expect(decoder.controlFramesInMessage == 1)
        _ = decoder.receive(end.span)
        #expect(decoder.controlFramesInMessage == 0)
    }

    @Test func anAnnouncedLengthTakesNoMemory() {
        var decoder = WebSocketDecoder()
        #expect(decoder.receive(([0x81, 0xFE, 0xFF, 0xFF, 1, 2, 3, 4] as [UInt8]).span).isEmpty)
        #expect(decoder.bufferedCount == 0)
        #expect(!decoder.isIdle)
    }

    @Test func aFinishedMessageLeavesNothingBehind() {
        var decoder = WebSocketDecoder()
        #expect(decoder.isIdle)
        #expect(decoder.receive(WebSocketSample.frame(.text, "a", isFinal: false).span).isEmpty)
        #expect(!decoder.isIdle)
        #expect(decoder.receive(WebSocketSample.frame(.continuation, "b").span) == [.text(Array("ab".utf8))])
        #expect(decoder.isIdle)
        #expect(decoder.bufferedCount == 0)
        _ = decoder.receive((WebSocketSample.frame(.text, "a", isFinal: false) + [0xFF]).span)
        #expect(decoder.isFinished)
        #expect(decoder.bufferedCount == 0)
    }

    @Test func aCallerMayStopBetweenEvents() {
        var decoder = WebSocketDecoder()
        let first = WebSocketSample.frame(.text, "a")
        let wire = first + WebSocketSample.frame(.text, "b")
        var index = 0
        #expect(decoder.next(in: wire.span, at: &index) == .text(Array("a".utf8)))
        #expect(index == first.count)
        #expect(decoder.next(in: wire.span, at: &index) == .text(Array("b".utf8)))
        #expect(decoder.next(in: wire.span, at: &index) == nil)
        index = -1
        #expect(decoder.next(in: wire.span, at: &index) == nil)
    }
}
