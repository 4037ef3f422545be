/// What waits for the archive, counted and measured: messages to be stored, or stanzas for rooms that are being loaded.
struct ArchiveBacklog {
    private(set) var count = 0
    private(set) var size = 0

    /// Whether something of that size may wait too. An empty backlog takes anything.
    func admits(_ size: Int, _ limits: MUCLimits) -> Bool {
        count == 0
            || (!MUCLimits.isReached(limits.archiveQueue, by: count) && self.size &+ size <= limits.archiveQueueSize)
    }

    mutating func add(_ size: Int) {
        count += 1
        self.size += size
    }

    mutating func remove(_ size: Int) {
        count = max(0, count - 1)
        self.size = max(0, self.size - size)
    }
}
