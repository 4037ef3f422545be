/// Counts of values in buckets whose width grows with the value, as HdrHistogram has it: bounded memory, and every value is
/// known to one part in `1 / precision`.
package struct Histogram: Sendable {
    /// Values below this have a bucket each; above it, every power of two has half as many.
    private static let subBucketBits = 8
    private static let subBuckets = 1 << subBucketBits
    private static let halfBuckets = subBuckets / 2
    /// The greatest relative error of a value that is told.
    package static let precision = 1 / Double(halfBuckets)

    private var counts: [UInt64]
    package private(set) var count: UInt64 = 0
    package private(set) var maximum: UInt64 = 0
    private var sum = 0.0

    package init() {
        counts = [UInt64](repeating: 0, count: Self.bucket(of: .max) + 1)
    }

    package mutating func record(_ value: UInt64) {
        counts[Self.bucket(of: value)] &+= 1
        count &+= 1
        maximum = max(maximum, value)
        sum += Double(value)
    }

    package mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        count &+= other.count
        maximum = max(maximum, other.maximum)
        sum += other.sum
    }

    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    /// The value that this share (0 … 1) of the values does not exceed, rounded up to the end of its bucket.
    package func value(at quantile: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let share = min(max(quantile, 0), 1)
        let rank = min(max(UInt64((share * Double(count)).rounded(.up)), 1), count)
        var seen: UInt64 = 0
        for (index, bucketCount) in counts.enumerated() {
            seen &+= bucketCount
            if seen >= rank { return min(Self.end(of: index), maximum) }
        }
        return maximum
    }

    /// Which bucket a value is in.
    static func bucket(of value: UInt64) -> Int {
        let bits = UInt64.bitWidth - value.leadingZeroBitCount
        guard bits > subBucketBits else { return Int(value) }
        let shift = bits - subBucketBits
        // The upper half of the sub-buckets: the lower half is where smaller values are.
        return shift * halfBuckets + Int(value >> UInt64(shift))
    }

    /// The greatest value that a bucket holds.
    static func end(of bucket: Int) -> UInt64 {
        guard bucket >= subBuckets else { return UInt64(bucket) }
        let shift = (bucket - halfBuckets) / halfBuckets
        let start = UInt64(bucket - shift * halfBuckets)
        return (start << UInt64(shift)) | ((1 << UInt64(shift)) - 1)
    }
}
