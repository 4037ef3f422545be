/// The watch over what has been reached: ours beside the floor, turn by turn in one minute, so that a busy machine is busy for
/// both. What counts is the ratio of their costs.
package struct Guard {
    package struct Verdict {
        package var name: String
        /// Microseconds of each, and the median of the ratios of all rounds.
        package var ours: Double
        package var floor: Double
        package var ratio: Double
        package var limit: Double

        package var isHeld: Bool { ratio <= limit }
    }

    /// Ours ÷ floor: what is reached on a quiet machine, with room for the noise of a busy one. To be lowered when it gets better.
    package enum Limit {
        static let fanOut = 1.0
        static let fanOutAlone = 2.2
        static let joinStorm = 1.0
    }

    private let bench: Bench
    private var fanOutRounds = 9
    private var joinRounds = 4

    package init(_ bench: Bench) {
        self.bench = bench
    }

    package func run() throws(BenchFailure) -> [Verdict] {
        [
            try fanOut("fan-out 1 × 100, ten speak", speakers: 10, limit: Limit.fanOut),
            try fanOut("fan-out 1 × 100, one speaks", speakers: 1, limit: Limit.fanOutAlone),
            try joinStorm("join storm 1 × 300", occupants: 300, limit: Limit.joinStorm),
        ]
    }

    private func fanOut(_ name: String, speakers: Int, limit: Double) throws(BenchFailure) -> Verdict {
        let load = FanOut(rooms: 1, occupants: 100, speakers: speakers, warmUp: 0.3, rounds: 1, seconds: 0.5)
        return try compare(name, rounds: fanOutRounds, limit: limit) { server, generator throws(BenchFailure) in
            let loop = ClosedLoop(
                generator, rooms: try load.enter(generator, server.endpoint), speakersPerRoom: speakers)
            try loop.talk(for: load.warmUp)
            return { () throws(BenchFailure) in
                var result = FanOut.Result()
                try load.round(loop, server, generator, &result)
                try loop.verify()
                return result.cpu
            }
        }
    }

    private func joinStorm(_ name: String, occupants: Int, limit: Double) throws(BenchFailure) -> Verdict {
        let storm = JoinStormScenario(occupants: occupants)
        return try compare(name, rounds: joinRounds, limit: limit) { server, generator throws(BenchFailure) in
            let clients = try generator.connect(occupants, to: server.endpoint)
            var room = 0
            _ = try storm.storm(clients, server, generator, room: server.endpoint.room(room))
            return { () throws(BenchFailure) in
                room += 1
                return try storm.storm(clients, server, generator, room: server.endpoint.room(room))
            }
        }
    }

    private typealias Round = () throws(BenchFailure) -> Double

    private func compare(
        _ name: String, rounds: Int, limit: Double,
        _ prepare: (any Server, Generator) throws(BenchFailure) -> Round
    ) throws(BenchFailure) -> Verdict {
        bench.say("\(name) …")
        return try bench.with(.floor) { floor, floorGenerator throws(BenchFailure) in
            try bench.with(.samepage) { ours, ourGenerator throws(BenchFailure) in
                let floorRound = try prepare(floor, floorGenerator)
                let ourRound = try prepare(ours, ourGenerator)
                var costs: (ours: [Double], floor: [Double]) = ([], [])
                for _ in 0..<rounds {
                    costs.floor.append(try floorRound())
                    costs.ours.append(try ourRound())
                }
                let ratios = zip(costs.ours, costs.floor).map { $0 / $1 }
                let verdict = Verdict(
                    name: name, ours: Statistics.median(costs.ours) ?? 0, floor: Statistics.median(costs.floor) ?? 0,
                    ratio: Statistics.median(ratios) ?? .infinity, limit: limit)
                bench.say(
                    "    ours \(Metric.format(verdict.ours)) µs, floor \(Metric.format(verdict.floor)) µs, "
                        + "ratio \(Metric.format(verdict.ratio)), limit \(Metric.format(limit))")
                return verdict
            }
        }
    }
}
