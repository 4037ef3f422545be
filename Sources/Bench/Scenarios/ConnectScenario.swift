/// From the TCP connection to the bound address: what a session costs to begin.
struct ConnectScenario: Scenario {
    let name = "connect"
    let servers = [ServerKind.samepage, .prosody, .ejabberd]
    var sessions = 1000

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        try bench.with(kind) { server, generator throws(BenchFailure) in
            try generator.connect(100, to: server.endpoint)
            try generator.settle()
            let cpu = try Usage.cpu(of: server.pid)
            try generator.connect(sessions, to: server.endpoint)
            let used = Double(try Usage.cpu(of: server.pid) - cpu) / 1000
            return [(.connecting, used / Double(sessions))]
        }
    }
}
