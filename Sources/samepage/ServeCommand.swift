import ArgumentParser
import EventLoop
import Foundation
import Logging
import SamepageServer

/// `samepage serve`: runs the server until SIGINT or SIGTERM.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server.",
        discussion: "Every setting can be given as a flag, as an environment variable, or in the file.")

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let configuration = try options.load()
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "samepage")
        logger.logLevel = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
        var running: Server?
        do {
            try EventLoop.run { [logger] in
                Signals.ignoreBrokenPipes()
                let server = try Server(configuration: configuration, logger: logger)
                running = server
                try server.start()
                // Each signal again means: now.
                for signal in [SIGINT, SIGTERM] { Signals.handle(signal) { server.stop() } }
                print(server.welcome)
                fflush(nil)
            }
            EventLoop.assumeIsolated { running?.close() }
        } catch {
            printError("error: \(error)")
            throw ExitCode.failure
        }
    }
}
