/// One row of the table: what is measured, and what it is to be for ours.
package struct Metric: Hashable, Sendable {
    package enum Unit: Hashable, Sendable {
        case microseconds
        case milliseconds
        case kibibytes
        /// Of one core.
        case percent
        case perSecond
    }

    /// Names it in the code and on the command line.
    package var id: String
    package var title: String
    package var unit: Unit
    package var goals: [Goal] = []
    /// Whether ratios say something: less is better, and the load is the same for all.
    package var isCompared = true
}

extension Metric {
    /// Three digits that mean something, or none behind the point of what is large.
    package static func format(_ value: Double) -> String {
        let magnitude = abs(value)
        guard magnitude.isFinite else { return "–" }
        if magnitude >= 1000 { return grouped(Int(value.rounded())) }
        if magnitude >= 100 { return String(Int(value.rounded())) }
        let factor = magnitude >= 10 ? 10.0 : 100.0
        let scaled = Int((magnitude * factor).rounded())
        let whole = scaled / Int(factor)
        let rest = String(scaled % Int(factor))
        let digits = factor == 10 ? 1 : 2
        let sign = value < 0 && scaled > 0 ? "−" : ""
        return "\(sign)\(whole).\(String(repeating: "0", count: digits - rest.count))\(rest)"
    }

    /// 1234567 → 1,234,567
    private static func grouped(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(abs(value)).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "−" : "") + String(text.reversed())
    }
}
