/// What a row of ours is to be.
package enum Goal: Hashable, Sendable {
    case atMost(Double)
    /// Compared with another server in the same row.
    case atMostTimes(Double, ServerKind)
    case timesLess(Double, ServerKind)
    /// Compared with another row of ours, by its id.
    case atMostTimesRow(Double, String)
    case atMostMore(Double, String)

    package var text: String {
        switch self {
        case .atMost(let limit): "≤ \(Metric.plain(limit))"
        case .atMostTimes(1, let kind): "≤ \(kind.title)"
        case .atMostTimes(let factor, let kind): "≤ \(Metric.plain(factor)) × \(kind.title)"
        case .timesLess(let factor, let kind): "≥ \(Metric.plain(factor)) × less than \(kind.title)"
        case .atMostTimesRow(let factor, _): "≤ \(Metric.plain(factor)) × the row it compares with"
        case .atMostMore(let more, _): "≤ the row above + \(Metric.plain(more))"
        }
    }

    /// Whether it is met; nil when that cannot be told, because something was not measured.
    package func isMet(_ ours: Double, _ others: [ServerKind: Double], row: (String) -> Double?) -> Bool? {
        switch self {
        case .atMost(let limit): ours <= limit
        case .atMostTimes(let factor, let kind): others[kind].map { ours <= $0 * factor }
        case .timesLess(let factor, let kind): others[kind].map { ours * factor <= $0 }
        case .atMostTimesRow(let factor, let id): row(id).map { ours <= $0 * factor }
        case .atMostMore(let more, let id): row(id).map { ours <= $0 + more }
        }
    }
}

extension Metric {
    /// A number of a goal: 2, 1,000, 0.5.
    static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1000 ? String(Int(value)) : format(value)
    }
}
