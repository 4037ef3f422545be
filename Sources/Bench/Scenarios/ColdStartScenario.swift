/// From the start of the process until `/readyz` answers 200.
struct ColdStartScenario: Scenario {
    let name = "cold-start"
    let servers = [ServerKind.samepage]
    var messages = 1_000_000
    var starts = 5

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        let empty = try median { () throws(BenchFailure) in try start(bench, nil) }
        bench.say("    writing \(messages) messages …")
        let folder = try Folder("archive")
        try StoredMessages.write(messages, to: folder.path)
        let full = try median { () throws(BenchFailure) in try start(bench, folder.path) }
        return [(.coldEmpty, empty), (.coldMillion, full)]
    }

    private func median(_ start: () throws(BenchFailure) -> Double) throws(BenchFailure) -> Double {
        var times: [Double] = []
        for _ in 0..<starts { times.append(try start()) }
        return Statistics.median(times) ?? 0
    }

    private func start(_ bench: Bench, _ data: String?) throws(BenchFailure) -> Double {
        let server = try SamepageServer(bench.executable, cores: bench.cores, .init(storage: .disk, data: data))
        defer { server.stop() }
        return server.millisecondsToReady
    }
}
