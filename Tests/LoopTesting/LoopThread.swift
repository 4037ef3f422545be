import EventLoop
import Foundation
import Synchronization

/// The loop of the test process, on a thread of its own. It is turned until the process ends.
package enum LoopThread {
    private static let identity = Mutex<pthread_t?>(nil)

    private static let started: Void = {
        let isReady = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            identity.withLock { $0 = pthread_self() }
            EventLoop.run { _ = isReady.signal() }
        }
        isReady.wait()
    }()

    package static func start() { started }

    /// Whether the caller runs on that thread.
    @EventLoop package static func isCurrent() -> Bool { identity.withLock { $0 == pthread_self() } }
}

/// Waits on the loop itself: `Task.sleep` would also wait for a thread of the pool, which long tests keep busy.
@EventLoop
package func pause(milliseconds: Int64) async {
    let timer = LoopTimer()
    await withCheckedContinuation { continuation in
        timer.start(after: milliseconds) { continuation.resume() }
    }
    timer.cancel()
}
