import Archive
import EventLoop
import Logging
import MUC

/// Between the rooms and the archive: hands over what the rooms want, and brings back what came of it.
@EventLoop
final class ArchiveKeeper {
    /// How often stanzas that wait are looked at, and what could not be stored is tried again, in milliseconds.
    private static let tickInterval: Int64 = 1_000
    /// How often is looked for what is not to be kept any longer.
    private static let pruningInterval: Int64 = 60_000

    private let archive: Archive
    private let mailbox: ArchiveMailbox
    private let logger: Logger
    private let ticks = LoopTimer()
    private let pruning = LoopTimer()
    private let deadline = LoopTimer()
    private var isPruning = false
    private var lastUnreadable: Int64 = 0
    private var whenReached: [() -> Void] = []
    /// Why writing fails; nil when it works.
    private(set) var failure: String?
    /// Since when, in milliseconds since 1970.
    private(set) var since = WallClock.now

    /// Opens the archive of the data directory, which is locked.
    init(_ configuration: Configuration, directory: String, logger: Logger) throws {
        self.logger = logger
        let mailbox = ArchiveMailbox()
        self.mailbox = mailbox
        let settings = Archive.Settings(
            directory: directory, retention: Retention(configuration.archive), history: configuration.rooms.history,
            acts: configuration.moderation.log)
        archive = try Archive(settings) { mailbox.put($0) }
    }

    var lastID: StanzaID { archive.lastID }
    /// Requests that wait for the archive.
    var backlog: Int { archive.backlog }

    /// Begins to report to the rooms.
    func start(_ router: Router) {
        mailbox.open { [unowned self, unowned router] reports in
            for report in reports { take(report, router) }
        }
        ticks.start(after: Self.tickInterval, every: Self.tickInterval) { [unowned router, archive] in
            router.deliver(router.rooms.tick(now: WallClock.now))
            archive.tryAgain()
        }
        pruning.start(after: Self.pruningInterval, every: Self.pruningInterval) { [unowned self] in prune() }
        prune()
        archive.listRooms(atMost: MUCLimits.knownRooms)
    }

    func perform(_ request: ArchiveRequest) {
        archive.perform(request)
    }

    func keep(_ change: RoomChange, room: String) {
        archive.keep(change, room: room)
    }

    /// Keeps what moderators did.
    ///
    /// - Parameter former: The file of a server that kept it there.
    func moderation(former: DurableFile, acts: Int) -> ArchivedModeration {
        ArchivedModeration(archive: archive, former: former, acts: acts, logger: logger)
    }

    /// Calls back when all that is to be written by now is written and reported, but after so many milliseconds in any
    /// case.
    func whenWritten(within time: Int64, _ body: @escaping () -> Void) {
        whenReached.append(body)
        deadline.start(after: time) { [unowned self] in reached() }
        archive.reach()
    }

    /// Waits for what is under way and closes the database: the last thing of all.
    func close() {
        archive.close()
    }

    private func prune() {
        guard !isPruning else { return }
        isPruning = true
        archive.prune(now: WallClock.now)
    }

    private func take(_ report: Archive.Report, _ router: Router) {
        let rooms = router.rooms
        switch report {
        case .stored(let messages, let isKept):
            for message in messages { router.deliver(rooms.stored(message.id, in: message.room, isKept: isKept)) }
        case .saved(let room, let isKept): router.deliver(rooms.saved(room, isKept: isKept))
        case .loaded(let room, let result): router.deliver(rooms.loaded(room, result, now: WallClock.now))
        case .rooms(let known): rooms.remember(known)
        case .found(let answer, let ticket): router.deliver(rooms.found(answer, for: ticket))
        case .pruned: isPruning = false
        case .reached: reached()
        case .health(let failure): note(failure)
        case .forgotten(let count):
            logger.error(
                "decisions could not be written and are forgotten at the next start", metadata: ["count": "\(count)"])
        case .unreadable(let failure): noteUnreadable(failure)
        }
    }

    private func reached() {
        deadline.cancel()
        let waiting = whenReached
        whenReached = []
        for body in waiting { body() }
    }

    /// Said once a minute at most: with a broken disk, everything that anybody asks for would say it.
    private func noteUnreadable(_ failure: String) {
        guard WallClock.now - lastUnreadable >= Self.pruningInterval else { return }
        lastUnreadable = WallClock.now
        logger.error("\(failure)")
    }

    private func note(_ failure: String?) {
        self.failure = failure
        since = WallClock.now
        if let failure {
            logger.error("\(failure); messages are refused until it works again")
        } else {
            logger.notice("the archive can be written to again")
        }
    }
}

extension Retention {
    init(_ archive: Configuration.Archive) {
        self.init(
            maximumAge: archive.maxAge.milliseconds, messagesPerRoom: archive.maxMessagesPerRoom,
            messages: archive.maxMessages)
    }
}
