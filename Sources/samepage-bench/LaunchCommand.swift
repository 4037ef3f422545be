import ArgumentParser
import Bench

/// `samepage-bench launch CORE FOLDER PROGRAM …`: how the benchmark starts a server.
struct LaunchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Launch.subcommand, abstract: "Become another program, on one core.", shouldDisplay: false)

    @Argument var core: UInt32
    @Argument var folder: String
    @Argument(parsing: .captureForPassthrough) var command: [String]

    func run() throws {
        throw Launch.become(command, core: core, folder: folder)
    }
}
