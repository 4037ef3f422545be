/// Twenty rooms of ten, and then two more in one of them: one sends as fast as it can, one asks and never reads. What the others
/// notice of it. All run with the limits that they are shipped with, ours but for those of one address: all are on one here.
struct HostileScenario: Scenario {
    let name = "hostile"
    let servers = [ServerKind.samepage, .prosody, .ejabberd]
    var rooms = 20
    var occupants = 10
    /// Below what a visitor may say.
    var messagesPerSecond = 80.0
    var seconds = 10.0
    /// What the hostile have ready when the server reads slowly, in bytes, and how many stanzas they make in a turn: the generator
    /// must not be slow for their sake.
    var backlog = 1 << 16
    var portion = 100

    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)] {
        let options = SamepageServer.Options(
            profile: "visitors",
            limits: ["sessions-per-address: 100000", "new-sessions-per-address: 1000000"])
        return try bench.with(kind, options, isLimited: true) { server, generator throws(BenchFailure) in
            let endpoint = server.endpoint
            let groups = try FanOut(rooms: rooms, occupants: occupants, speakers: 1).enter(generator, endpoint)
            let hostile = try generator.connect(2, to: endpoint)
            for client in hostile { client.isCounted = false }
            try generator.join(hostile) { _ in endpoint.room(0) }
            try generator.settle()
            let loop = OpenLoop(generator, rooms: groups)
            _ = try loop.talk(for: 1, messagesPerSecond: messagesPerSecond, to: server)
            let calm = try loop.talk(for: seconds, messagesPerSecond: messagesPerSecond, to: server)
            let (flooder, sleeper) = (hostile[0], hostile[1])
            for client in hostile { client.mayEnd = true }
            sleeper.stopReading()
            generator.eachTurn = { [portion, backlog] in
                for _ in 0..<portion where flooder.phase == .joined && flooder.backlog < backlog { flooder.shout() }
                for _ in 0..<portion where sleeper.phase == .joined && sleeper.backlog < backlog { sleeper.ask() }
            }
            defer { generator.eachTurn = {} }
            let disturbed = try loop.talk(for: seconds, messagesPerSecond: messagesPerSecond, to: server)
            return [
                (.calmP99, calm.latency.milliseconds(at: 0.99)),
                (.hostileP99, disturbed.latency.milliseconds(at: 0.99)),
            ]
        }
    }
}
