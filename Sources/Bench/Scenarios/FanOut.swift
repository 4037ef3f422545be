import Glibc

/// Rooms in which some speak and all listen.
struct FanOut {
    struct Result {
        /// Of the server's processor, for each delivery, in microseconds: each round's.
        var cpuPerDelivery: [Double] = []
        /// What came in a second.
        var deliveriesPerSecond: [Double] = []
        /// Of the server's processor, for each message, in microseconds.
        var cpuPerMessage: [Double] = []
        /// How busy both cores were in the last round, 0 … 1: a generator that is busier than the server measures itself.
        var serverShare = 0.0
        var generatorShare = 0.0

        var cpu: Double { Statistics.median(cpuPerDelivery) ?? 0 }
        /// How many deliveries a second one core would carry.
        var capacity: Double { cpu > 0 ? 1e6 / cpu : 0 }
    }

    var rooms: Int
    var occupants: Int
    /// Who speak in each room, one message of each in flight.
    var speakers: Int
    var transport = Transport.webSocket
    var warmUp = 1.0
    var rounds = 5
    var seconds = 1.0

    /// The stage of it: everybody is in a room.
    func enter(_ generator: Generator, _ endpoint: Endpoint) throws(BenchFailure) -> [[Client]] {
        let clients = try generator.connect(rooms * occupants, to: endpoint, over: transport)
        try generator.join(clients) { endpoint.room($0 % rooms) }
        try generator.settle()
        return (0..<rooms).map { room in stride(from: room, to: clients.count, by: rooms).map { clients[$0] } }
    }

    func measure(_ server: some Server, _ generator: Generator) throws(BenchFailure) -> Result {
        let loop = ClosedLoop(generator, rooms: try enter(generator, server.endpoint), speakersPerRoom: speakers)
        try loop.talk(for: warmUp)
        var result = Result()
        for _ in 0..<rounds { try round(loop, server, generator, &result) }
        try loop.verify()
        return result
    }

    func round(_ loop: ClosedLoop, _ server: some Server, _ generator: Generator, _ result: inout Result)
        throws(BenchFailure)
    {
        let deliveries = generator.deliveries
        let messages = loop.messages
        let start = Clock.now
        let own = Clock.read(CLOCK_PROCESS_CPUTIME_ID) ?? 0
        let cpu = try Usage.cpu(of: server.pid)
        try loop.talk(for: seconds)
        let used = Double(try Usage.cpu(of: server.pid) - cpu) / 1000
        let elapsed = Double(Clock.now - start) / 1e9
        let count = Double(generator.deliveries - deliveries)
        guard count > 0 else { throw BenchFailure("nothing was delivered") }
        result.cpuPerDelivery.append(used / count)
        result.cpuPerMessage.append(used / Double(loop.messages - messages))
        result.deliveriesPerSecond.append(count / elapsed)
        result.serverShare = used / 1e6 / elapsed
        result.generatorShare = Double((Clock.read(CLOCK_PROCESS_CPUTIME_ID) ?? own) - own) / 1e9 / elapsed
    }
}
