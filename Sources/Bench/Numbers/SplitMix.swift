import Glibc

/// A small generator of random numbers with a seed: each run has the same load.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Nanoseconds until the next of events that happen at this rate, independently of each other (a Poisson process).
    mutating func interval(perSecond rate: Double) -> UInt64 {
        // 0 < share ≤ 1
        let share = (Double(next() >> 11) + 1) / Double(1 << 53)
        return UInt64(min(-log(share) / rate, 60) * 1e9)
    }
}
