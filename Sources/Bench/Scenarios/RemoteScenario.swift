import Glibc

/// Rooms of Prosody, visitors of ours: what the way through our component costs us.
struct RemoteScenario: Scenario {
    let name = "remote-100"
    let servers = [ServerKind.samepage]
    var load = FanOut(rooms: 1, occupants: 100, speakers: 10)

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        // It takes part without being measured: on the generator's core.
        let prosody = try ProsodyServer(cores: Cores(server: bench.cores.generator, generator: bench.cores.generator))
        defer { prosody.stop() }
        let options = SamepageServer.Options(
            domain: "web.localhost", service: "conference.localhost",
            more: [
                "xmpp:", "  components:",
                "    - { domain: web.localhost, serves: visitors, host: 127.0.0.1, port: \(prosody.componentPort), secret: \(ProsodyServer.componentSecret) }",
            ])
        return try bench.with(kind, options) { server, generator throws(BenchFailure) in
            [(.remote, try load.measure(server, generator).cpu)]
        }
    }
}
