/// Makes the ids of messages in rooms.
///
/// Ids grow even when the clock steps back, so none is given twice.
struct StanzaIDGenerator {
    private var last: StanzaID

    /// `last`: the greatest id that was given before, for ids that outlive the process.
    init(after last: StanzaID = StanzaID(0)) {
        self.last = last
    }

    /// Whether an id may be one that was given until now, in this run of the service or an earlier one.
    func mayHaveGiven(_ id: StanzaID, now: Int64) -> Bool {
        id <= last || id < StanzaID(earliestAt: now &+ 1)
    }

    mutating func next(now: Int64) -> StanzaID {
        last = max(StanzaID(earliestAt: now), StanzaID(last.value &+ 1))
        return last
    }
}
