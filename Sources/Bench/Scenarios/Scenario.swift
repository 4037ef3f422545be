/// One thing that is done with each server, and the rows of the table that come of it.
package protocol Scenario: Sendable {
    /// As it is called on the command line.
    var name: String { get }
    /// Whom it makes sense with.
    var servers: [ServerKind] { get }
    func run(_ bench: Bench, _ kind: ServerKind) throws(BenchFailure) -> [(Metric, Double)]
}

package enum Scenarios {
    /// In the order of the table; what wants a server that has served nobody yet comes first for nobody but itself.
    package static let all: [any Scenario] = [
        FanOutScenario(name: "fan-out-100", metric: .fanOut100, load: FanOut(rooms: 1, occupants: 100, speakers: 10)),
        FanOutScenario(
            name: "fan-out-100-alone", metric: .fanOut100Alone, load: FanOut(rooms: 1, occupants: 100, speakers: 1)),
        FanOutScenario(
            name: "fan-out-1000", metric: .fanOut1000, load: FanOut(rooms: 1, occupants: 1000, speakers: 10),
            occupantsOfPeers: 500),
        FanOutScenario(
            name: "fan-out-100x10", metric: .fanOut100x10, load: FanOut(rooms: 100, occupants: 10, speakers: 1)),
        JoinStormScenario(), ConnectScenario(), IdleScenario(),
        FanOutScenario(
            name: "bosh-100", metric: .bosh, servers: [.samepage, .prosody, .ejabberd],
            load: FanOut(rooms: 1, occupants: 100, speakers: 10, transport: .bosh)),
        OpenLoopScenario(), RemoteScenario(), HostileScenario(), ArchiveScenario(), ColdStartScenario(),
        FanOutScenario(
            name: "tls-100", metric: .tls, servers: [.samepage], load: FanOut(rooms: 1, occupants: 100, speakers: 10),
            usesTLS: true),
    ]
}
