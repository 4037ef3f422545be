/// What it costs to write down what is said, and who notices it.
struct ArchiveScenario: Scenario {
    let name = "archive"
    let servers = [ServerKind.samepage]
    var load = FanOut(rooms: 100, occupants: 10, speakers: 1, rounds: 5)
    var seconds = 10.0
    /// Of the capacity without an archive.
    var share = 0.25

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        var costs: [Double] = []
        var latencies: [Double] = []
        var rate: Double?
        for storage in [SamepageServer.Options.Storage.memory, .disk] {
            try bench.with(kind, .init(storage: storage)) { server, generator throws(BenchFailure) in
                let rooms = try load.enter(generator, server.endpoint)
                let closed = ClosedLoop(generator, rooms: rooms, speakersPerRoom: load.speakers)
                try closed.talk(for: load.warmUp)
                var result = FanOut.Result()
                for _ in 0..<load.rounds { try load.round(closed, server, generator, &result) }
                try closed.verify()
                costs.append(Statistics.median(result.cpuPerMessage) ?? 0)
                let messages = rate ?? Capacity.of(result) * share / Double(load.occupants)
                rate = messages
                let open = OpenLoop(generator, rooms: rooms)
                _ = try open.talk(for: 1, messagesPerSecond: messages, to: server)
                let calm = try open.talk(for: seconds, messagesPerSecond: messages, to: server)
                latencies.append(calm.latency.milliseconds(at: 0.99))
                bench.say(
                    "    \(storage): \(Metric.format(costs.last ?? 0)) µs a message; at \(Metric.format(messages)) messages/s "
                        + "\(Metric.format(calm.cpuPerMessage)) µs, p99 \(Metric.format(latencies.last ?? 0)) ms")
            }
        }
        return [
            (.archiveExtra, costs[1] - costs[0]), (.archiveMemoryP99, latencies[0]), (.archiveP99, latencies[1]),
        ]
    }
}
