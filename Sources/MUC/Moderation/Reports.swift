import XMPP

/// How often people have reported something in a room lately.
struct Reports {
    private var times: [JID: [Int64]] = [:]

    /// - Throws: `policy-violation` for whoever reports too much, `resource-constraint` when too many report.
    mutating func admit(_ person: JID, _ limits: ModerationLimits, now: Int64) throws(StanzaError) {
        // A clock that was set back must not silence anybody.
        func isRecent(_ time: Int64) -> Bool { now >= time && now - time < limits.reportWindow }
        let own = (times[person] ?? []).filter(isRecent)
        guard own.count < limits.reportsPerPerson else {
            throw .policyViolation("You have reported enough for now. The moderators know.")
        }
        if times[person] == nil, times.count >= limits.reporters {
            times = times.filter { $0.value.contains(where: isRecent) }
            guard times.count < limits.reporters else { throw .resourceConstraint("Too many are reporting.") }
        }
        times[person] = own + [now]
    }
}
