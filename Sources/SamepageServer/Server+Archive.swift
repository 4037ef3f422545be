import EventLoop
import Logging
import MUC

/// The archive of our rooms.
extension Server {
    /// Opens it, where the configuration wants one, and tells the rooms that they have it.
    static func makeArchive(
        _ configuration: Configuration, directory: String, logger: Logger, _ settings: inout MUCSettings
    ) throws -> ArchiveKeeper? {
        guard !configuration.rooms.isRemote, configuration.archive.storage == .disk else { return nil }
        let keeper = try ArchiveKeeper(configuration, directory: directory, logger: logger)
        settings.isArchived = true
        settings.isArchiveOpen = configuration.archive.readers == .anyone
        settings.lastID = keeper.lastID
        return keeper
    }

    /// The last thing, when the loop has ended.
    package func close() {
        archive?.close()
    }
}
