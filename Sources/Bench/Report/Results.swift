/// What a run has found out.
package struct Results: Sendable {
    private var values: [String: [ServerKind: Double]] = [:]
    /// What could not be measured, and why.
    package private(set) var failures: [String] = []

    package init() {}

    package mutating func set(_ metric: Metric, _ kind: ServerKind, _ value: Double) {
        values[metric.id, default: [:]][kind] = value
    }

    package mutating func fail(_ what: String) {
        failures.append(what)
    }

    package func value(_ metric: Metric, _ kind: ServerKind) -> Double? { values[metric.id]?[kind] }

    package func isMeasured(_ metric: Metric) -> Bool { values[metric.id] != nil }

    /// Each goal of a row of ours, and whether it is met.
    package func judgements(_ metric: Metric) -> [(goal: Goal, isMet: Bool?)] {
        guard let ours = value(metric, .samepage) else { return metric.goals.map { ($0, nil) } }
        let others = values[metric.id] ?? [:]
        return metric.goals.map { goal in
            (goal, goal.isMet(ours, others) { id in values[id]?[.samepage] })
        }
    }
}
