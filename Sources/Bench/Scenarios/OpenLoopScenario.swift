/// Latency at half of what one core carries: of its own, for each server, since a load that is half of ours would drown the
/// peers.
struct OpenLoopScenario: Scenario {
    let name = "open-loop"
    let servers = ServerKind.allCases
    var occupants = 100
    var seconds = 10.0
    var share = 0.5

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        try bench.with(kind) { server, generator throws(BenchFailure) in
            let load = FanOut(rooms: 1, occupants: occupants, speakers: 10, rounds: 3)
            let rooms = try load.enter(generator, server.endpoint)
            let deliveries = try Capacity.measure(load, rooms, server, generator) * share
            let rate = deliveries / Double(occupants)
            let loop = OpenLoop(generator, rooms: rooms)
            _ = try loop.talk(for: 1, messagesPerSecond: rate, to: server)
            let result = try loop.talk(for: seconds, messagesPerSecond: rate, to: server)
            return [
                (.openRate, result.deliveriesPerSecond), (.openMedian, result.latency.milliseconds(at: 0.5)),
                (.openP99, result.latency.milliseconds(at: 0.99)),
                (.openP999, result.latency.milliseconds(at: 0.999)),
            ]
        }
    }
}

extension Histogram {
    /// Of nanoseconds.
    func milliseconds(at quantile: Double) -> Double { Double(value(at: quantile)) / 1e6 }
}
