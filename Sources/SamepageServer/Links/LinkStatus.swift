/// How a link is doing, for `/readyz`, `samepage status` and the log.
struct LinkStatus: Hashable, Sendable {
    enum State: String, Sendable {
        /// The first attempt is under way.
        case connecting
        /// Stanzas flow.
        case up
        /// It failed or was lost; attempts go on.
        case down
    }

    var state: State
    /// Why it is down.
    var failure: LinkFailure?
    /// Since when it has been so, in milliseconds since 1970.
    var since: Int64
}
