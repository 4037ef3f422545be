import ArgumentParser
import SamepageServer

/// `samepage backup FILE`: a copy of the archive, while the server is running or not.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the archive into a new file, while the server is running or not.",
        discussion: """
            To restore it, stop the server, remove samepage.db with its -wal and -shm from the data directory, and put the \
            copy in the place of samepage.db. Keep secret.key of that directory with it: people are known again by it.
            """)

    @Argument(help: "The new file.", completion: .file())
    var file: String

    @OptionGroup var options: SettingsOptions

    func run() throws {
        let configuration = try options.load()
        do throws(ArchiveTools.Failure) {
            try ArchiveTools.backUp(configuration, to: file)
        } catch {
            printError("error: \(error.description)")
            throw ExitCode.failure
        }
    }
}
