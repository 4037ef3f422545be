import ArgumentParser
import SamepageServer

/// `samepage`: the server and the small tools around it.
@main
struct SamepageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samepage",
        abstract: "Everyone who looks at the same web page is in the same chat room.",
        version: Server.versionText,
        subcommands: [
            ServeCommand.self, StatusCommand.self, RoomCommand.self, TokenCommand.self, ExportCommand.self,
            BackupCommand.self, CheckConfigCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}
