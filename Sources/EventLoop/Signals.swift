import CLibUV
import Foundation

/// POSIX signals as events of the loop.
@EventLoop
package enum Signals {
    private static var actions: [Int32: @EventLoop () -> Void] = [:]

    /// Calls `action` on the loop whenever the process receives `signal`, instead of the default action.
    package static func handle(_ signal: Int32, _ action: @escaping @EventLoop () -> Void) {
        let isNew = actions.updateValue(action, forKey: signal) == nil
        guard isNew else { return }
        // Lives as long as the process.
        let handle = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
        uv_signal_init(EventLoop.shared.executor.loop, handle)
        uv_signal_start(handle, { _, signal in EventLoop.assumeIsolated { Signals.received(signal) } }, signal)
    }

    private static func received(_ signal: Int32) { actions[signal]?() }

    /// A write to a closed socket is an error of that socket, never the end of the process.
    package static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
