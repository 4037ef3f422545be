import Testing

@testable import Bench

/// The floor and the generator on one thread: each turn of the one is a turn of the other.
@Suite struct FloorTests {
    private let floor: Floor
    private let generator: Generator
    private let endpoint: Endpoint

    init() throws {
        let floor = try Floor(port: 0)
        let generator = try Generator()
        generator.eachTurn = { floor.turn(0) }
        self.floor = floor
        self.generator = generator
        endpoint = Endpoint(port: floor.port, dialect: .bare)
    }

    @Test func threeClientsHearEverythingThatTwoOfThemSay() throws {
        let clients = try generator.connect(3, to: endpoint)
        try generator.join(clients) { _ in endpoint.room(0) }
        try generator.settle()
        #expect(clients.map(\.presences) == [3, 3, 3])
        let loop = ClosedLoop(generator, rooms: [clients], speakersPerRoom: 2)
        try loop.talk(for: 0.1)
        try loop.verify()
        #expect(loop.messages >= 2)
        #expect(clients.map(\.deliveries) == [Int](repeating: loop.messages, count: 3))
        generator.close()
    }

    @Test func roomsDoNotHearEachOther() throws {
        let clients = try generator.connect(4, to: endpoint)
        try generator.join(clients) { endpoint.room($0 % 2) }
        try generator.settle()
        let loop = ClosedLoop(
            generator, rooms: [[clients[0], clients[2]], [clients[1], clients[3]]], speakersPerRoom: 1)
        try loop.talk(for: 0.05)
        try loop.verify()
        generator.close()
    }

    @Test func whoHearsLessThanWasSaidFailsTheRun() throws {
        let clients = try generator.connect(3, to: endpoint)
        // The third is where the others are not, and is taken for one of them; a fourth delivery of another makes up for it.
        try generator.join(clients) { endpoint.room($0 / 2) }
        try generator.settle()
        let loop = ClosedLoop(generator, rooms: [[clients[0], clients[1], clients[2]]], speakersPerRoom: 1)
        #expect(throws: BenchFailure.self) { try loop.talk(for: 0.02, patience: 0.2) }
        generator.close()
    }

    @Test func whoHearsSomethingTwiceFailsTheRun() throws {
        let clients = try generator.connect(2, to: endpoint)
        try generator.join(clients) { _ in endpoint.room(0) }
        // In the room twice, so everything comes twice.
        clients[1].join(endpoint.room(0))
        try generator.settle()
        let loop = ClosedLoop(generator, rooms: [clients], speakersPerRoom: 1)
        #expect(throws: BenchFailure.self) {
            try loop.talk(for: 0.02, patience: 0.2)
            try loop.verify()
        }
        generator.close()
    }

    @Test func anOpenLoopCountsFromWhenAMessageWasDue() throws {
        let clients = try generator.connect(3, to: endpoint)
        try generator.join(clients) { _ in endpoint.room(0) }
        try generator.settle()
        // The server does nothing for a while: everything that was due meanwhile is late, though it is answered at once.
        let floor = floor
        let wakes = Clock.now + 200_000_000
        generator.eachTurn = { if Clock.now > wakes { floor.turn(0) } }
        let result = try OpenLoop(generator, rooms: [clients]).talk(for: 0.4, messagesPerSecond: 500) { 0 }
        #expect(result.latency.count > 0)
        #expect(result.latency.value(at: 0.75) > 20_000_000)
        generator.close()
    }

    @Test func aServerThatHangsUpIsAFailure() throws {
        let clients = try generator.connect(1, to: endpoint)
        clients[0].end("for a test")
        #expect(throws: BenchFailure.self) { try generator.settle() }
    }
}
