import ArgumentParser
import Bench

/// `samepage-bench`: ours beside Prosody, ejabberd and the floor.
@main
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samepage-bench",
        abstract: "Measure samepage beside Prosody, ejabberd and a bare broadcast server.",
        subcommands: [RunCommand.self, QuickCommand.self, FloorCommand.self, LaunchCommand.self],
        defaultSubcommand: RunCommand.self)
}
