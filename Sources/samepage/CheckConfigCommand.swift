import ArgumentParser
import SamepageServer

/// `samepage check-config FILE`: names the line and key of whatever is wrong.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Check a configuration file and name the line and key of what is wrong.")

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        do {
            // The file alone: what this shell's environment says is not the file's fault.
            let (_, warnings) = try Configuration.load(file: file)
            for warning in warnings { printError("warning: \(warning)") }
            print("\(file): ok")
        } catch {
            for problem in error.problems { printError("error: \(problem)") }
            throw ExitCode(78)  // EX_CONFIG of sysexits.h
        }
    }
}
