/// Results as a Markdown table, its columns aligned for those who read it as text.
package struct Table {
    private static let header = [
        "scenario", "unit", "samepage", "Prosody", "ejabberd", "floor", "Prosody ÷ ours", "ejabberd ÷ ours",
        "ours ÷ floor",
        "goal", "met",
    ]

    private var rows: [[String]] = []

    package init(_ results: Results) {
        for metric in Metric.all where results.isMeasured(metric) {
            let judgements = results.judgements(metric)
            rows.append(
                [metric.title, Self.unit(metric.unit)]
                    + ServerKind.allCases.map { results.value(metric, $0).map(Metric.format) ?? "–" }
                    + Self.ratios(metric, results)
                    + [
                        judgements.map(\.goal.text).joined(separator: "; "),
                        judgements.map { Self.verdict($0.isMet) }.joined(separator: "; "),
                    ])
        }
    }

    package var markdown: String {
        let widths = Self.header.indices.map { column in
            ([Self.header] + rows).map { $0[column].count }.max() ?? 0
        }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
        return ([line(Self.header, widths), rule] + rows.map { line($0, widths) }).joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        "| "
            + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ")
            + " |"
    }

    private static func ratios(_ metric: Metric, _ results: Results) -> [String] {
        guard metric.isCompared, let ours = results.value(metric, .samepage), ours > 0 else { return ["–", "–", "–"] }
        let peers = [ServerKind.prosody, .ejabberd].map { kind in
            results.value(metric, kind).map { Metric.format($0 / ours) } ?? "–"
        }
        let floor = results.value(metric, .floor).flatMap { $0 > 0 ? Metric.format(ours / $0) : nil }
        return peers + [floor ?? "–"]
    }

    private static func unit(_ unit: Metric.Unit) -> String {
        switch unit {
        case .microseconds: "µs"
        case .milliseconds: "ms"
        case .kibibytes: "KiB"
        case .percent: "% of a core"
        case .perSecond: "per s"
        }
    }

    private static func verdict(_ isMet: Bool?) -> String {
        switch isMet {
        case true?: "met"
        case false?: "not met"
        case nil: "not measured"
        }
    }
}
