import ArgumentParser
import Bench
import Foundation

/// `samepage-bench run`: the scenarios.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run scenarios and print a table.",
        discussion: "Everything is on loopback, started and ended by the benchmark itself.")

    @Option(help: ArgumentHelp("A scenario, may be repeated; all of them by default.", valueName: "name"))
    var scenario: [String] = []

    @Option(
        help: ArgumentHelp("samepage, prosody, ejabberd or floor; may be repeated; all by default.", valueName: "name"))
    var server: [String] = []

    @Option(help: "The server's executable; the one beside this program by default.")
    var samepage: String?

    @Option(help: ArgumentHelp("Write the table into this file, too.", valueName: "file"))
    var report: String?

    func run() throws {
        let scenarios = try chosenScenarios()
        let kinds = try chosenServers()
        Interruption.hold()
        try Launch.raiseDescriptorLimit()
        let cores = try Cores.choose()
        try cores.pinGenerator()
        let bench = Bench(executable: samepage ?? Self.beside, cores: cores, tell: Self.tell)
        if cores.areShared { bench.say("one core only: the server shares it with the generator") }
        let results = try bench.run(scenarios, kinds)
        var text = Table(results).markdown
        for failure in results.failures { text += "\nNot measured: \(failure)\n" }
        print(text, terminator: "")
        if let report { try text.write(toFile: report, atomically: true, encoding: .utf8) }
        if !results.failures.isEmpty { throw ExitCode.failure }
    }

    private func chosenScenarios() throws -> [any Scenario] {
        try scenario.isEmpty
            ? Scenarios.all
            : scenario.map { name in
                guard let found = Scenarios.all.first(where: { $0.name == name }) else {
                    throw ValidationError(
                        "there is no scenario '\(name)', but \(Scenarios.all.map(\.name).joined(separator: ", "))")
                }
                return found
            }
    }

    private func chosenServers() throws -> [ServerKind] {
        try server.isEmpty
            ? ServerKind.allCases
            : server.map { name in
                guard let kind = ServerKind(rawValue: name) else {
                    throw ValidationError("there is no server '\(name)'")
                }
                return kind
            }
    }

    /// Progress goes to the standard error: the table alone is the output.
    private static func tell(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    private static var beside: String {
        let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("samepage").path
    }
}
