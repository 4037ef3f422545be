import LoopTesting
import Testing

@testable import EventLoop

struct OutboundQueueTests {
    init() { LoopThread.start() }

    private func queue(limit: Int = 100, holding bytes: [UInt8] = []) -> OutboundQueue {
        var queue = OutboundQueue(limit: limit)
        queue.append { $0 += bytes }
        return queue
    }

    @Test func whatFitsExactlyHasRoomAndOneByteMoreHasNot() {
        let queue = queue(limit: 10, holding: [1, 2, 3])
        #expect(queue.hasRoom(for: 7))
        #expect(!queue.hasRoom(for: 8))
        #expect(!queue.hasRoom(for: .max))
    }

    @Test func bytesLeaveInTheOrderTheyCameHoweverLittleIsTaken() {
        let bytes = (0..<100).map { UInt8($0) }
        for step in 1...7 {
            var queue = queue(limit: 1_000, holding: bytes)
            var taken: [UInt8] = []
            while !queue.isEmpty {
                let isAlive = queue.drain(maximum: 10) { buffer in
                    let count = min(step, buffer.count)
                    taken += buffer.prefix(count)
                    return count
                }
                #expect(isAlive)
            }
            #expect(taken == bytes)
        }
    }

    @Test func bytesAppendedBetweenWritesFollow() {
        var queue = queue(holding: [1, 2, 3, 4])
        _ = queue.drain(maximum: 3) { $0.count }
        queue.append { $0 += [5, 6] }
        var taken: [UInt8] = []
        _ = queue.drain(maximum: 100) { buffer in
            taken += buffer
            return buffer.count
        }
        #expect(taken == [4, 5, 6])
        #expect(queue.isEmpty)
    }

    @Test func whatHasGoneMakesRoom() {
        var queue = queue(limit: 4, holding: [1, 2, 3, 4])
        #expect(!queue.hasRoom(for: 1))
        _ = queue.drain(maximum: 1) { $0.count }
        #expect(queue.hasRoom(for: 1))
        #expect(!queue.hasRoom(for: 2))
    }

    @Test func aBrokenSocketIsReportedAndNothingIsTaken() {
        var queue = queue(holding: [1])
        let isAlive = queue.drain(maximum: 10) { _ in nil }
        #expect(!isAlive)
        #expect(queue.count == 1)
    }

    @Test func onlyAnEmptyBufferIsGivenAway() {
        var queue = queue(holding: [1, 2])
        #expect(queue.takeBuffer().capacity == 0)
        _ = queue.drain(maximum: 1) { $0.count }
        #expect(queue.takeBuffer().capacity == 0)
        _ = queue.drain(maximum: 1) { $0.count }
        let buffer = queue.takeBuffer()
        #expect(buffer.isEmpty && buffer.capacity > 0)
        #expect(queue.needsBuffer)
    }

    @Test @EventLoop func aBufferThatWasGivenBackIsUsedAgainUnlessItIsLarge() {
        while SpareBuffers.take().capacity > 0 {}
        SpareBuffers.give([])
        var large: [UInt8] = []
        large.reserveCapacity(100_000)
        SpareBuffers.give(large)
        #expect(SpareBuffers.take().capacity == 0)
        var small: [UInt8] = []
        small.reserveCapacity(100)
        SpareBuffers.give(small)
        #expect(SpareBuffers.take().capacity >= 100)
    }
}
