import ArgumentParser
import Bench

/// `samepage-bench quick`: a minute that says whether something has become slow.
struct QuickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quick",
        abstract: "Compare fan-out and join storm with the floor; fails when a ratio is over its limit.")

    @OptionGroup var place: PlaceOptions

    func run() throws {
        let bench = try place.bench()
        let verdicts = try Guard(bench).run()
        print("| | samepage | floor | samepage ÷ floor | limit | |\n|---|---|---|---|---|---|")
        for verdict in verdicts {
            let figures = [verdict.ours, verdict.floor, verdict.ratio, verdict.limit].map(Metric.format)
            print("| \(verdict.name) | \(figures.joined(separator: " | ")) | \(verdict.isHeld ? "held" : "over") |")
        }
        if !verdicts.allSatisfy(\.isHeld) { throw ExitCode.failure }
    }
}
