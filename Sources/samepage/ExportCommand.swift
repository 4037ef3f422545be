import ArgumentParser
import Foundation
import SamepageServer

/// `samepage export ROOM`: what was said in a room, on standard output.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all that was said in a room to standard output.",
        discussion: "The server may be running or not. --data or --config say where the archive is, as for the server.")

    @Argument(help: "The room's JID, or the URL of its page.")
    var room: String

    @Option(help: "jsonl (one JSON object a line) or atom.")
    var format = "jsonl"

    @Flag(help: "Tell the senders' real addresses too (JSON).")
    var withAddresses = false

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let configuration = try options.load()
        do throws(ArchiveTools.Failure) {
            try ArchiveTools.export(room, configuration, format: format, showsAddresses: withAddresses) { piece in
                try FileHandle.standardOutput.write(contentsOf: Data(piece.utf8))
            }
        } catch {
            printError("error: \(error.description)")
            throw ExitCode.failure
        }
    }
}
