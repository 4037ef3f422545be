import CLinux
import Glibc

/// SIGINT and SIGTERM end a run in order: its servers first, then its folder. Both are blocked, and looked for where the run
/// waits.
package enum Interruption {
    private static let signals = [SIGINT, SIGTERM]

    package static func hold() {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        sigprocmask(SIG_BLOCK, &set, nil)
    }

    static func check() throws(BenchFailure) {
        var set = sigset_t()
        sigpending(&set)
        if signals.contains(where: { sigismember(&set, $0) == 1 }) { throw BenchFailure("interrupted") }
    }
}
