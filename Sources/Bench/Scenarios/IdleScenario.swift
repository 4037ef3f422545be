/// Many who are there and say nothing: what a session takes, and what it costs to keep.
struct IdleScenario: Scenario {
    let name = "idle"
    let servers = ServerKind.allCases
    var sessions = 5000
    var rooms = 500
    var seconds = 30.0

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        guard Launch.descriptorLimit > sessions + 100 else {
            throw BenchFailure("this user may open \(Launch.descriptorLimit) files: too few for \(sessions) sessions")
        }
        return try bench.with(kind, isFresh: true) { server, generator throws(BenchFailure) in
            // What the first session needs, all share.
            try generator.connect(1, to: server.endpoint)
            try generator.settle()
            let before = try Usage.memory(of: server.pid)
            let clients = try generator.connect(sessions, to: server.endpoint)
            try generator.join(clients, atOnce: 50) { server.endpoint.room($0 % rooms) }
            try generator.settle()
            let memory = try Usage.memory(of: server.pid) - before
            let cpu = try Usage.cpu(of: server.pid)
            try generator.run(for: seconds)
            let used = Double(try Usage.cpu(of: server.pid) - cpu) / 1e9
            return [
                (.idleMemory, Double(memory) / 1024 / Double(sessions)), (.idleCPU, used / seconds * 100),
            ]
        }
    }
}
