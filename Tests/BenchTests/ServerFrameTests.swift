import Testing

@testable import Bench

@Suite struct ServerFrameTests {
    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536])
    func aFrameIsFoundWhateverItsLength(_ length: Int) throws {
        let frame = Self.frame(length)
        let found = try frame.withUnsafeBytes { bytes throws(BenchFailure) in try ServerFrame.next(in: bytes, from: 0) }
        #expect(found == ServerFrame(kind: .text, payload: (frame.count - length)..<frame.count))
    }

    @Test(arguments: [0, 1, 125, 126, 300])
    func aFrameThatIsNotCompleteIsWaitedForAtEveryByte(_ length: Int) throws {
        let frame = Self.frame(length)
        for end in 0..<frame.count {
            let found = try frame[..<end].withUnsafeBytes { bytes throws(BenchFailure) in
                try ServerFrame.next(in: bytes, from: 0)
            }
            #expect(found == nil, "cut at \(end)")
        }
    }

    @Test func framesBehindEachOtherAreFoundOneByOne() throws {
        let frames = Self.frame(3) + Self.frame(200) + Self.frame(0)
        var offset = 0
        var lengths: [Int] = []
        while let frame = try frames.withUnsafeBytes({ bytes throws(BenchFailure) in
            try ServerFrame.next(in: bytes, from: offset)
        }) {
            lengths.append(frame.payload.count)
            offset = frame.payload.upperBound
        }
        #expect(lengths == [3, 200, 0])
        #expect(offset == frames.count)
    }

    @Test(
        arguments: [
            ("masked", [0x81, 0x81, 0, 0, 0, 0, 0]), ("compressed", [0xC1, 0x00]), ("unknown", [0x83, 0x00]),
            ("first of some", [0x01, 0x00]), ("last of some", [0x80, 0x00]),
            ("huge", [0x81, 127, 0xFF, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(String, [UInt8])])
    func whatWouldMakeCountsWrongIsRefused(_ name: String, _ frame: [UInt8]) {
        #expect(throws: BenchFailure.self) {
            try frame.withUnsafeBytes { bytes throws(BenchFailure) in try ServerFrame.next(in: bytes, from: 0) }
        }
    }

    /// A text frame of a server.
    private static func frame(_ length: Int) -> [UInt8] {
        var head: [UInt8] = [0x81]
        switch length {
        case ..<126: head.append(UInt8(length))
        case ..<65_536: head += [126, UInt8(length >> 8), UInt8(length & 0xFF)]
        default:
            head += [
                127, 0, 0, 0, 0, UInt8(length >> 24), UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF),
                UInt8(length & 0xFF),
            ]
        }
        return head + [UInt8](repeating: 0x61, count: length)
    }
}
