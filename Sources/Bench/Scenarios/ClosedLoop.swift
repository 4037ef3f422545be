/// Speakers who say the next thing when they have heard their last: as much as the server carries, and never more in flight
/// than there are speakers.
final class ClosedLoop {
    private let generator: Generator
    /// The occupants of each room.
    private let rooms: [[Client]]
    private let speakers: [Client]
    /// What the client of this number waits for; 0: nothing.
    private var awaited: [Int]
    /// How often something was said in the room of the client with this number.
    private var lastSequence = 0
    private var said: [Int]
    private var roomOf: [Int]
    private var isTalking = false
    private var before: [Int]
    private let deliveriesBefore: Int

    init(_ generator: Generator, rooms: [[Client]], speakersPerRoom: Int) {
        self.generator = generator
        self.rooms = rooms
        speakers = rooms.flatMap { $0.prefix(speakersPerRoom) }
        awaited = [Int](repeating: 0, count: generator.clients.count)
        roomOf = [Int](repeating: 0, count: generator.clients.count)
        said = [Int](repeating: 0, count: rooms.count)
        before = rooms.flatMap(\.self).map(\.deliveries)
        deliveriesBefore = generator.deliveries
        for (index, room) in rooms.enumerated() {
            for client in room { roomOf[client.number] = index }
        }
        generator.whenDelivered { [unowned self] in heard($0, $1) }
    }

    /// Talks so long, and waits for what is in flight, with so much patience at most.
    func talk(for seconds: Double, patience: Double = 20) throws(BenchFailure) {
        isTalking = true
        for speaker in speakers { saySomething(speaker) }
        try generator.run(for: seconds)
        isTalking = false
        try generator.run(within: patience, loss) { isComplete }
    }

    /// How many messages were said.
    var messages: Int { said.reduce(0, +) }

    private var expected: Int {
        zip(rooms, said).reduce(0) { $0 + $1.0.count * $1.1 }
    }

    private var isComplete: Bool { generator.deliveries - deliveriesBefore == expected }

    private var loss: String {
        "the last of \(expected) deliveries, \(generator.deliveries - deliveriesBefore) have come"
    }

    /// Whether everybody has heard everything once: a lost message beside a doubled one is found, too.
    func verify() throws(BenchFailure) {
        try generator.settle()
        for (client, count) in zip(rooms.flatMap(\.self), before) {
            let heard = client.deliveries - count
            let wanted = said[roomOf[client.number]]
            guard heard == wanted else {
                throw BenchFailure("client \(client.number) heard \(heard) of \(wanted) messages")
            }
        }
    }

    @inline(__always)
    private func heard(_ client: Client, _ sequence: Int) {
        guard awaited[client.number] == sequence, sequence > 0 else { return }
        awaited[client.number] = 0
        if isTalking { saySomething(client) }
    }

    private func saySomething(_ speaker: Client) {
        lastSequence += 1
        awaited[speaker.number] = lastSequence
        said[roomOf[speaker.number]] += 1
        speaker.say(lastSequence)
    }
}
