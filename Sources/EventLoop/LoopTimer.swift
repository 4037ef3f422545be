import CLibUV

/// A timer of the loop, one shot or repeating. Milliseconds.
///
/// Nothing fires after `cancel()` or after the last reference is gone.
@EventLoop
package final class LoopTimer {
    private let handle: UnsafeMutablePointer<uv_timer_t>
    private var action: (@EventLoop () -> Void)?

    package init() {
        handle = .allocate(capacity: 1)
        uv_timer_init(EventLoop.shared.executor.loop, handle)
        // Unretained: `deinit` stops the timer before the pointer could dangle.
        handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    }

    /// Calls `action` after `delay`, and then every `interval` unless that is 0. Replaces what was scheduled before.
    package func start(after delay: Int64, every interval: Int64 = 0, _ action: @escaping @EventLoop () -> Void) {
        self.action = action
        // libuv counts from when this turn began; after a long turn that would be too early.
        uv_update_time(EventLoop.shared.executor.loop)
        uv_timer_start(
            handle,
            { handle in
                // libuv calls on the loop's thread; the pointer goes nowhere else.
                nonisolated(unsafe) let data = handle?.pointee.data
                EventLoop.assumeIsolated {
                    guard let data else { return }
                    Unmanaged<LoopTimer>.fromOpaque(data).takeUnretainedValue().fire()
                }
            }, UInt64(clamping: delay), UInt64(clamping: interval))
    }

    package func cancel() {
        uv_timer_stop(handle)
        action = nil
    }

    private func fire() {
        // One shot: release the action before it runs, so that it can schedule anew and holds nothing afterwards.
        let current = action
        if uv_timer_get_repeat(handle) == 0 { action = nil }
        current?()
    }

    isolated deinit {
        uv_timer_stop(handle)
        // libuv owns the memory until the close callback has run.
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { base in
            uv_close(base, { base in UnsafeMutableRawPointer(base)?.deallocate() })
        }
    }
}
