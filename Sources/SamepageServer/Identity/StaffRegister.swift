import Dispatch
import EventLoop
import Logging

/// Keeps `Staff` as the file of the data directory says it, which the command line may change at any time.
@EventLoop
final class StaffRegister {
    /// How often the file is looked at, in milliseconds.
    static let interval: Int64 = 1_000

    let members: Staff
    /// Told the localparts of those who have been revoked or whose time is up.
    var ended: ([String]) -> Void = { _ in }

    private let sites: SiteList
    private let file: StaffFile
    private let logger: Logger
    private var stamp: StaffFile.Stamp?
    private var records: StaffRecords
    private var isUnreadable = false
    private let queue = DispatchQueue(label: "samepage.tokens")

    /// - Throws: when the file is there and cannot be read.
    init(configuration: Configuration, data: String, logger: Logger) throws(DataDirectory.Failure) {
        sites = configuration.sites
        members = Staff(domain: configuration.domain, sites: configuration.sites)
        file = StaffFile(data: data)
        self.logger = logger
        stamp = file.stamp
        let (records, unreadable) = try file.read()
        self.records = records
        warn(unreadable)
        _ = members.replace(by: records.all.filter { $0.isValid(now: WallClock.now) })
    }

    /// Whether a token with these claims may be used from an origin.
    func admits(_ claims: StaffClaims, from origin: String?) -> Bool { claims.admit(origin: origin, sites) }

    /// Reads the file again if it has changed. To ask whether it has costs a microsecond; to read it, when an operator has
    /// made or revoked a token, is the one thing that the loop waits for a disk for.
    func refresh(now: Int64) {
        let stamp = file.stamp
        let hasChanged = stamp != self.stamp || isUnreadable
        if hasChanged { read(stamp) }
        guard hasChanged || members.firstExpiry <= now else { return }
        let gone = members.replace(by: records.all.filter { $0.isValid(now: now) })
        if !gone.isEmpty { ended(gone) }
    }

    private func read(_ stamp: StaffFile.Stamp?) {
        do throws(DataDirectory.Failure) {
            let (records, unreadable) = try file.read()
            self.records = records
            self.stamp = stamp
            isUnreadable = false
            warn(unreadable)
        } catch {
            // What was known stays: a moment without file descriptors revokes nobody.
            if !isUnreadable { logger.error("\(error.description): tokens are made and revoked in vain") }
            isUnreadable = true
        }
    }

    private func warn(_ unreadable: Int) {
        guard unreadable > 0 else { return }
        logger.warning("lines of the tokens are unreadable and count for nothing", metadata: ["lines": "\(unreadable)"])
    }

    /// Revokes somebody's token at the bearer's own wish. `done` is called off the loop, with whether it is on the disk.
    func revoke(_ identity: String, now: Int64, done: @escaping @Sendable (Bool) -> Void) {
        let file = file
        queue.async {
            let record = try? file.change(now: now) { records throws(StaffRecords.Failure) in
                try records.revoke(identity, now: now)
            }
            done(record != nil)
        }
    }
}
