/// Everybody comes at once. Each of n is told of all: n² presences.
struct JoinStormScenario: Scenario {
    let name = "join-storm"
    let servers = ServerKind.allCases
    var occupants = 500
    /// Beside one to warm up; each in a room of its own, by the same clients.
    var rounds = 3
    /// Past so many seconds there is no further round: a peer may need a minute for one.
    var patience = 20.0

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        try bench.with(kind) { server, generator throws(BenchFailure) in
            let clients = try generator.connect(occupants, to: server.endpoint)
            var costs: [Double] = []
            let end = Clock.now + UInt64(patience * 1e9)
            while costs.count <= rounds, costs.isEmpty || Clock.now < end {
                costs.append(try storm(clients, server, generator, room: server.endpoint.room(costs.count)))
            }
            if costs.count > 1 { costs.removeFirst() }
            return [(.joinStorm, Statistics.median(costs) ?? 0)]
        }
    }

    /// The server's processor, for each presence, in microseconds.
    func storm(_ clients: [Client], _ server: any Server, _ generator: Generator, room: String)
        throws(BenchFailure) -> Double
    {
        try generator.settle()
        let before = generator.presences
        let heardBefore = clients.map(\.presences)
        let cpu = try Usage.cpu(of: server.pid)
        try generator.join(clients, atOnce: clients.count) { _ in room }
        // Each of everybody; ejabberd sends one of the room itself besides.
        let expected = clients.count * clients.count
        try generator.run(within: 120, "\(expected) presences, \(generator.presences - before) have come") {
            generator.presences - before >= expected
                && zip(clients, heardBefore).allSatisfy { $0.presences - $1 >= clients.count }
        }
        let used = Double(try Usage.cpu(of: server.pid) - cpu) / 1000
        return used / Double(generator.presences - before)
    }
}
