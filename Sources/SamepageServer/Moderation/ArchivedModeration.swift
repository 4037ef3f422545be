import Archive
import Logging
import MUC

/// What moderators did, in the archive: written in its turn with everything else there, and in every backup.
struct ArchivedModeration: ModerationStore {
    let archive: Archive
    /// The file of a server that had it there; set aside when all of it is in the archive.
    let former: DurableFile
    /// How many of the log are kept.
    let acts: Int
    let logger: Logger

    func load(now: Int64) throws(DataDirectory.Failure) -> ModerationMemory {
        try adoptFormer(now: now)
        let (records, unreadable): ([ModerationRecord], Int)
        do {
            (records, unreadable) = try archive.moderation()
        } catch {
            throw DataDirectory.Failure(description: error.description)
        }
        if unreadable > 0 {
            logger.warning(
                "rows of moderation are unreadable and count for nothing", metadata: ["rows": "\(unreadable)"])
        }
        var memory = ModerationMemory(capacity: acts)
        for record in records { memory.apply(record) }
        memory.trim(now: now)
        return memory
    }

    func keep(_ record: ModerationRecord) { archive.keep(record) }

    /// The archive is closed last of all, and writes what there is.
    func flush() {}

    /// When it is broken off, the next start does all of it again: nothing else has been written by then.
    private func adoptFormer(now: Int64) throws(DataDirectory.Failure) {
        guard try former.read() != nil else { return }
        let file = ModerationFile(path: former.path, acts: acts, logger: logger)
        let memory = try file.load(now: now)
        file.flush()
        do {
            try archive.adopt(memory.records)
        } catch {
            throw DataDirectory.Failure(description: error.description)
        }
        guard former.setAside(as: ".imported") else {
            throw DataDirectory.Failure(description: "cannot rename \(former.path), which is in the archive now")
        }
        logger.notice("bans and log are in the archive now", metadata: ["lines": "\(memory.count)"])
    }
}
