import ArgumentParser
import Bench
import Foundation

/// `samepage-bench run`: the scenarios.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run scenarios and print a table.",
        discussion: """
            Everything is on loopback, started and ended by the benchmark itself, which fails when something could not be \
            measured; a goal that is not met is no failure. Scenarios: \(Scenarios.all.map(\.name).joined(separator: ", ")).
            """)

    @Option(help: ArgumentHelp("A scenario, may be repeated; all of them by default.", valueName: "name"))
    var scenario: [String] = []

    @Option(help: ArgumentHelp("A server, may be repeated; all of them by default.", valueName: "name"))
    var server: [ServerKind] = []

    @Option(help: ArgumentHelp("Write the table into this file, too.", valueName: "file"))
    var report: String?

    @OptionGroup var place: PlaceOptions
    @OptionGroup var running: AttachOptions

    func run() throws {
        let scenarios = try chosenScenarios()
        let bench = try place.bench()
        bench.attached = running.server
        let results = try bench.run(scenarios, server.isEmpty ? ServerKind.allCases : server)
        var text = "\(Machine.description)\n\n" + Table(results).markdown
        for failure in results.failures { text += "\nNot measured: \(failure)\n" }
        print(text, terminator: "")
        if let report { try text.write(toFile: report, atomically: true, encoding: .utf8) }
        if !results.failures.isEmpty { throw ExitCode.failure }
    }

    private func chosenScenarios() throws -> [any Scenario] {
        guard !scenario.isEmpty else { return Scenarios.all }
        return try scenario.map { name in
            guard let found = Scenarios.all.first(where: { $0.name == name }) else {
                throw ValidationError(
                    "there is no scenario '\(name)', but \(Scenarios.all.map(\.name).joined(separator: ", "))")
            }
            return found
        }
    }
}

extension ServerKind: ExpressibleByArgument {}
