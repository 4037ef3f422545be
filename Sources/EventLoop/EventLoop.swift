/// The one event loop of the process, as a global actor: all state of the server lives here.
///
/// libuv turns it, on the thread that called `EventLoop.run`. libwebsockets puts its sockets on the same libuv loop, and
/// Swift jobs for the actor run between two turns. So everything isolated to `@EventLoop` is single-threaded, and C
/// callbacks enter through `assumeIsolated`.
///
/// Boot order: adopt the thread, build the server, turn the loop. Awaiting the actor before the loop turns never returns.
@globalActor
package actor EventLoop {
    package static let shared = EventLoop()

    nonisolated let executor = LoopExecutor()

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Connections with something to send at the end of this turn.
    @EventLoop static var dirty: [Connection] = []
    /// Those whose turn it is; kept for its memory.
    @EventLoop private static var flushing: [Connection] = []

    /// What is to be done at the end of this turn, before connections are flushed.
    @EventLoop private static var closing: [@EventLoop () -> Void] = []

    @EventLoop private static var isStopping = false

    /// How long turns take; nil while nobody wants to know.
    @EventLoop package private(set) static var meter: LoopMeter?

    /// Measures turns from now on.
    @EventLoop package static func measure() {
        guard meter == nil else { return }
        shared.executor.measureIdleTime()
        meter = LoopMeter()
    }

    /// Makes the calling thread the loop's thread, runs `build` on it and turns the loop until `stop()`.
    ///
    /// May be called once in a process.
    package static nonisolated func run(_ build: @EventLoop () throws -> Void) rethrows {
        shared.executor.adoptCurrentThread()
        try assumeIsolated {
            try build()
            // Connections that linger do so for a short time only, and then their peers have read everything.
            while !isStopping || Connection.lingering > 0 { turn() }
            // What the last handlers wrote still has to reach the kernel.
            flushDirtyConnections()
        }
    }

    /// Ends `run` after the current turn, or as soon as no connection lingers.
    @EventLoop package static func stop() {
        isStopping = true
        shared.executor.wake()
    }

    /// One turn: ready sockets and timers, then jobs, then one write per connection that has output.
    @EventLoop private static func turn() {
        let begin = meter == nil ? 0 : shared.executor.busyTime
        shared.executor.waitForEvents()
        shared.executor.runPendingJobs()
        flushDirtyConnections()
        // Measuring may have begun in this turn.
        if meter != nil, begin > 0 { meter?.note(shared.executor.busyTime &- begin) }
    }

    /// Does something when all events of this turn were handled, and what it writes goes out with all else.
    @EventLoop package static func beforeFlush(_ job: @escaping @EventLoop () -> Void) {
        closing.append(job)
    }

    @EventLoop private static func flushDirtyConnections() {
        // Flushing can close a connection, whose handler may write to others: those come into the next round.
        while !closing.isEmpty || !dirty.isEmpty {
            let jobs = closing
            closing.removeAll(keepingCapacity: true)
            for job in jobs { job() }
            swap(&dirty, &flushing)
            for connection in flushing { connection.flush() }
            flushing.removeAll(keepingCapacity: true)
        }
    }

    /// Milliseconds on a clock that never jumps, as of the beginning of this turn.
    @EventLoop package static var now: Int64 { Int64(clamping: shared.executor.now) }

    /// The door for C callbacks and for tests on the loop's thread: runs isolated code without a hop.
    ///
    /// - Precondition: the calling thread is the loop's.
    package static nonisolated func assumeIsolated<Result>(
        _ operation: @EventLoop () throws -> Result
    ) rethrows -> Result {
        precondition(shared.executor.isOnLoop, "not on the event loop's thread")
        return try withoutActuallyEscaping(operation) { operation in
            // The isolation of a function is no part of its calling convention, and the precondition above holds what
            // the type would have promised. SwiftNIO and the standard library's own `assumeIsolated` do the same.
            try unsafeBitCast(operation, to: (() throws -> Result).self)()
        }
    }
}
