import Glibc

/// Messages that are due at times of their own, whatever became of those before, as people write them. A delivery's latency
/// counts from when its message was to be sent: who is late in sending does not hide it (coordinated omission).
final class OpenLoop {
    struct Result {
        var latency = Histogram()
        /// Of the server's processor, for each message, in microseconds.
        var cpuPerMessage = 0.0
        /// What came in a second.
        var deliveriesPerSecond = 0.0
    }

    /// Who is in each room. Whoever is a speaker of it speaks by turns.
    private let rooms: [[Client]]
    private let generator: Generator
    private var random = SplitMix(seed: 20_26)
    /// When each message was to be sent, by its number.
    private var due: [UInt64] = []
    private var latency = Histogram()
    private var expected = 0
    private var heard = 0

    init(_ generator: Generator, rooms: [[Client]]) {
        self.generator = generator
        self.rooms = rooms
        generator.whenDelivered { [unowned self] in delivered($0, $1) }
    }

    /// Talks so long, at this rate of messages in all, and waits for what is in flight.
    ///
    /// - Parameter usage: What the server has used of its processor, in nanoseconds.
    func talk(for seconds: Double, messagesPerSecond rate: Double, usage: () throws(BenchFailure) -> UInt64)
        throws(BenchFailure) -> Result
    {
        latency = Histogram()
        let heardBefore = heard
        let messagesBefore = due.count
        let cpu = try usage()
        let start = Clock.now
        let end = start + UInt64(seconds * 1e9)
        var next = start
        defer { generator.nextDue = nil }
        try generator.run(within: seconds + 20, "its time to be over") {
            let now = Clock.now
            while next <= now, next < end {
                saySomething(due: next)
                next += random.interval(perSecond: rate)
            }
            generator.nextDue = next
            return next >= end && now >= end
        }
        generator.nextDue = nil
        try generator.run(
            within: 20, "the last of \(expected) deliveries, \(heard) have come"
        ) { heard == expected }
        let used = Double(try usage() - cpu) / 1000
        return Result(
            latency: latency, cpuPerMessage: used / Double(max(1, due.count - messagesBefore)),
            deliveriesPerSecond: Double(heard - heardBefore) / (Double(Clock.now - start) / 1e9))
    }

    func talk(for seconds: Double, messagesPerSecond rate: Double, to server: any Server)
        throws(BenchFailure) -> Result
    {
        try talk(for: seconds, messagesPerSecond: rate) { () throws(BenchFailure) in try Usage.cpu(of: server.pid) }
    }

    private func saySomething(due time: UInt64) {
        let room = rooms[Int(random.next() % UInt64(rooms.count))]
        let speaker = room[Int(random.next() % UInt64(room.count))]
        speaker.say(due.count)
        due.append(time)
        expected += room.count
    }

    @inline(__always)
    private func delivered(_ client: Client, _ sequence: Int) {
        guard client.isCounted, sequence < due.count else { return }
        heard &+= 1
        let now = Clock.now
        latency.record(now > due[sequence] ? now - due[sequence] : 0)
    }
}
