/// What a server carries on its core, in deliveries a second.
enum Capacity {
    /// By what a delivery costs, since the generator may be slower than the server.
    static func measure(_ load: FanOut, _ rooms: [[Client]], _ server: any Server, _ generator: Generator)
        throws(BenchFailure) -> Double
    {
        let loop = ClosedLoop(generator, rooms: rooms, speakersPerRoom: load.speakers)
        try loop.talk(for: load.warmUp)
        var result = FanOut.Result()
        for _ in 0..<load.rounds { try load.round(loop, server, generator, &result) }
        try loop.verify()
        return result.capacity
    }
}
