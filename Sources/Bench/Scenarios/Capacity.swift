/// What a server carries on its core, in deliveries a second.
enum Capacity {
    /// The generator, or whoever else uses the machine, may be the limit, not the server: then half of the server's own capacity
    /// would be too much. What came in fact may be exceeded by so much.
    private static let air = 1.4

    static func measure(_ load: FanOut, _ rooms: [[Client]], _ server: any Server, _ generator: Generator)
        throws(BenchFailure) -> Double
    {
        let loop = ClosedLoop(generator, rooms: rooms, speakersPerRoom: load.speakers)
        try loop.talk(for: load.warmUp)
        var result = FanOut.Result()
        for _ in 0..<load.rounds { try load.round(loop, server, generator, &result) }
        try loop.verify()
        return of(result)
    }

    static func of(_ result: FanOut.Result) -> Double {
        min(result.capacity, (Statistics.median(result.deliveriesPerSecond) ?? 0) * air)
    }
}
