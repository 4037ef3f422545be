/// Rooms in which some speak and all listen: what a delivery costs. Ours keeps no archive here, as the peers do not.
struct FanOutScenario: Scenario {
    var name: String
    var metric: Metric
    var servers = ServerKind.allCases
    var load: FanOut
    var usesTLS = false
    /// How many are in a room of a peer where that is less: a thousand who join are a million presences, and minutes.
    var occupantsOfPeers: Int?

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        try bench.with(kind, .init(usesTLS: usesTLS)) { server, generator throws(BenchFailure) in
            var load = load
            if let occupantsOfPeers, kind == .prosody || kind == .ejabberd { load.occupants = occupantsOfPeers }
            let result = try load.measure(server, generator)
            bench.say(
                "    \(Metric.format(Statistics.median(result.deliveriesPerSecond) ?? 0)) deliveries/s, "
                    + "server \(Metric.format(result.serverShare * 100)) %, generator \(Metric.format(result.generatorShare * 100)) %, "
                    + "spread \(Metric.format(Statistics.spread(result.cpuPerDelivery) * 100)) %")
            return [(metric, result.cpu)]
        }
    }
}
