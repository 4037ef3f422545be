/// The rows of the table, in its order, with the goals of the project.
extension Metric {
    package static let all: [Metric] = [
        fanOut100, fanOut100Alone, fanOut1000, fanOut100x10, joinStorm, connecting, idleMemory, idleCPU, bosh, openRate,
        openMedian, openP99, openP999, remote, calmP99, hostileP99, archiveExtra, archiveMemoryP99, archiveP99,
        coldEmpty, coldMillion, tls,
    ]

    static let fanOut100 = Metric(
        id: "fan-out-100", title: "fan-out 1 × 100, ten speak: CPU per delivery", unit: .microseconds,
        goals: [.atMostTimes(1, .floor), .timesLess(10, .ejabberd)])
    static let fanOut100Alone = Metric(
        id: "fan-out-100-alone", title: "fan-out 1 × 100, one speaks: CPU per delivery", unit: .microseconds)
    static let fanOut1000 = Metric(
        id: "fan-out-1000", title: "fan-out 1 × 1,000 (peers: 500), ten speak: CPU per delivery", unit: .microseconds,
        goals: [.atMostTimes(1, .floor), .timesLess(15, .ejabberd)])
    static let fanOut100x10 = Metric(
        id: "fan-out-100x10", title: "fan-out 100 × 10, one speaks in each: CPU per delivery", unit: .microseconds,
        goals: [.timesLess(10, .ejabberd)])
    static let joinStorm = Metric(
        id: "join-storm", title: "join storm 1 × 500: CPU per presence delivered", unit: .microseconds,
        goals: [.atMost(2), .timesLess(15, .ejabberd)])
    static let connecting = Metric(
        id: "connect", title: "connect, authenticate, bind, 1,000: CPU each", unit: .microseconds, goals: [.atMost(150)]
    )
    static let idleMemory = Metric(
        id: "idle-memory", title: "5,000 idle in 500 rooms: private memory of a session", unit: .kibibytes,
        goals: [.atMost(8)])
    static let idleCPU = Metric(
        id: "idle-cpu", title: "5,000 idle in 500 rooms: CPU over 30 s", unit: .percent, goals: [.atMost(1)])
    static let bosh = Metric(
        id: "bosh-100", title: "BOSH fan-out 1 × 100, ten speak: CPU per delivery", unit: .microseconds,
        goals: [.timesLess(8, .ejabberd)])
    static let openRate = Metric(
        id: "open-rate", title: "open loop 1 × 100 at half of each one's own capacity: deliveries", unit: .perSecond,
        isCompared: false)
    static let openMedian = Metric(id: "open-p50", title: "〃 latency, p50", unit: .milliseconds, isCompared: false)
    static let openP99 = Metric(
        id: "open-p99", title: "〃 latency, p99", unit: .milliseconds, goals: [.atMost(5)], isCompared: false)
    static let openP999 = Metric(id: "open-p999", title: "〃 latency, p99.9", unit: .milliseconds, isCompared: false)
    static let remote = Metric(
        id: "remote-100", title: "rooms in Prosody, a component between, 1 × 100: our CPU per delivery",
        unit: .microseconds, goals: [.atMost(8)])
    static let calmP99 = Metric(id: "calm-p99", title: "20 × 10 undisturbed: latency, p99", unit: .milliseconds)
    static let hostileP99 = Metric(
        id: "hostile-p99", title: "〃 while one floods and one never reads: p99", unit: .milliseconds,
        goals: [.atMostTimesRow(2, "calm-p99")])
    static let archiveExtra = Metric(
        id: "archive-extra", title: "archive on disk, 100 × 10: extra CPU per message", unit: .microseconds,
        goals: [.atMost(10)])
    static let archiveMemoryP99 = Metric(
        id: "archive-off-p99", title: "〃 open loop at a quarter of capacity, without: p99", unit: .milliseconds)
    static let archiveP99 = Metric(
        id: "archive-on-p99", title: "〃 with: p99", unit: .milliseconds, goals: [.atMostMore(3, "archive-off-p99")])
    static let coldEmpty = Metric(
        id: "cold-empty", title: "cold start, nothing archived: until /readyz", unit: .milliseconds,
        goals: [.atMost(100)])
    static let coldMillion = Metric(
        id: "cold-million", title: "cold start, 1,000,000 messages archived", unit: .milliseconds,
        goals: [.atMost(1000)])
    static let tls = Metric(
        id: "tls-100", title: "TLS fan-out 1 × 100, ten speak: CPU per delivery", unit: .microseconds,
        goals: [.atMostTimesRow(2, "fan-out-100")])
}
