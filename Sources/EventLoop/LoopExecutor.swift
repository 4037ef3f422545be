import CLibUV
import Foundation
import Synchronization

/// Runs the actor's jobs on the thread that turns the libuv loop.
///
/// `@unchecked Sendable`: `loop` and `wakeup` are made in `init` and never change; libuv allows `uv_async_send` from any
/// thread, and everything else that touches them runs on the loop's thread only.
final class LoopExecutor: SerialExecutor, @unchecked Sendable {
    let loop: UnsafeMutablePointer<uv_loop_t>
    private let wakeup: UnsafeMutablePointer<uv_async_t>
    private let jobs = Mutex<[UnownedJob]>([])
    /// The pthread of the loop, 0 before `run`.
    private let thread = Atomic<UInt>(0)

    init() {
        loop = .allocate(capacity: 1)
        wakeup = .allocate(capacity: 1)
        precondition(uv_loop_init(loop) == 0, "libuv cannot make an event loop")
        precondition(uv_async_init(loop, wakeup, { _ in }) == 0, "libuv cannot make a wake-up handle")
    }

    func adoptCurrentThread() {
        let previous = thread.exchange(UInt(pthread_self()), ordering: .sequentiallyConsistent)
        precondition(previous == 0, "the event loop runs once in a process")
    }

    var isOnLoop: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst { wake() }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() { precondition(isOnLoop, "not on the event loop's thread") }

    func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Makes `waitForEvents` return. From any thread.
    func wake() { uv_async_send(wakeup) }

    /// Makes the loop tell the time in which it waits. Costs a system call more in each turn that waits.
    func measureIdleTime() { _ = samepage_uv_measure_idle(loop) }

    /// The time since the start in which the loop did something, in nanoseconds, up to an origin of its own.
    var busyTime: UInt64 { uv_hrtime() &- uv_metrics_idle_time(loop) }

    func waitForEvents() { uv_run(loop, UV_RUN_ONCE) }

    func runPendingJobs() {
        let pending = jobs.withLock { jobs in
            let pending = jobs
            jobs.removeAll()
            return pending
        }
        for job in pending { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    var now: UInt64 { uv_now(loop) }
}
