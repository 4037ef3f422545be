import Logging
import MUC
import XMPP

/// What moderators did before the last stop, and what they do from now on.
extension Server {
    /// In the archive; without one in a file of its own, since bans hold also where nothing else is kept.
    static func makeModeration(
        _ configuration: Configuration, directory: String, _ archive: ArchiveKeeper?, logger: Logger
    ) -> any ModerationStore {
        let path = directory + "/moderation"
        let acts = configuration.moderation.log
        return archive?.moderation(former: DurableFile(path: path), acts: acts)
            ?? ModerationFile(path: path, acts: acts, logger: logger)
    }

    func startModeration(_ store: any ModerationStore) throws(DataDirectory.Failure) {
        let memory = try store.load(now: WallClock.now)
        rooms.restore(Array(memory.bans.values), memory.acts, now: WallClock.now)
        router.keepModeration = { store.keep($0) }
    }
}
