import EventLoop
import Foundation
import Synchronization
import Testing

/// The loop of the test process, on a thread of its own. It is turned until the process ends.
enum LoopThread {
    private static let identity = Mutex<pthread_t?>(nil)

    private static let started: Void = {
        let isReady = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            identity.withLock { $0 = pthread_self() }
            EventLoop.run { _ = isReady.signal() }
        }
        isReady.wait()
    }()

    static func start() { started }

    /// Whether the caller runs on that thread.
    @EventLoop static func isCurrent() -> Bool { identity.withLock { $0 == pthread_self() } }
}
