import ArgumentParser
import Foundation
import SamepageServer

/// `--config FILE` and a flag for every setting. The settings' own table names them, so they are not repeated here.
struct SettingsOptions: ParsableArguments {
    @Option(name: .long, help: "The configuration file (YAML). Default: $SAMEPAGE_CONFIG, or none.")
    var config: String?

    @Argument(
        parsing: .allUnrecognized,
        help: "Any setting as a flag: --listen 127.0.0.1:8080, --data DIR … (docs/configuration.md)."
    )
    var settings: [String] = []

    /// What file, environment and flags say together. Problems go to standard error, each on a line; those that forbid
    /// a start end the command.
    func load() throws -> Configuration {
        do {
            let flags = try FlagParser().parse(settings)
            let (configuration, warnings) = try Configuration.load(
                file: config, environment: ProcessInfo.processInfo.environment, flags: flags)
            for warning in warnings { printError("warning: \(warning)") }
            return configuration
        } catch {
            for problem in error.problems { printError("error: \(problem)") }
            throw ExitCode(78)  // EX_CONFIG of sysexits.h
        }
    }
}

func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
