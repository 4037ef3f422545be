import Glibc

/// Monotonic nanoseconds.
package enum Clock {
    package static var now: UInt64 { read(CLOCK_MONOTONIC) ?? 0 }

    static func read(_ clock: clockid_t) -> UInt64? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func sleep(milliseconds: Int) {
        usleep(useconds_t(milliseconds * 1000))
    }
}
