/// A few numbers about some measurements of one thing.
package enum Statistics {
    /// The middle one, or the mean of the two middle ones; nil of none.
    package static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// How far the values are apart, as a share of their median: (greatest − least) ÷ median.
    package static func spread(_ values: [Double]) -> Double {
        guard let least = values.min(), let greatest = values.max(), let median = median(values), median > 0 else {
            return 0
        }
        return (greatest - least) / median
    }
}
