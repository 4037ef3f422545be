import MUC

/// Where what moderators did outlives the process.
protocol ModerationStore: Sendable {
    /// Everything that was kept. Called once, before anything else.
    func load(now: Int64) throws(DataDirectory.Failure) -> ModerationMemory

    /// Keeps one thing more; soon, and in order. Never waits.
    func keep(_ record: ModerationRecord)

    /// Waits until all is kept: at the end.
    func flush()
}
