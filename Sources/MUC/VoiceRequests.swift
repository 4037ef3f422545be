import XMPP

/// When people last asked for voice in a room: asking again, after leaving and coming back too, takes patience.
struct VoiceRequests {
    private var times: [JID: Int64] = [:]

    /// - Throws: `policy-violation` for whoever asks again too soon, `resource-constraint` when too many ask.
    mutating func admit(_ person: JID, _ limits: MUCLimits, now: Int64) throws(StanzaError) {
        let interval = limits.voiceRequestInterval
        guard interval > 0 else { return }
        // A clock that was set back must not silence anybody.
        func counts(_ time: Int64) -> Bool { now >= time && now - time < interval }
        if let time = times[person], counts(time) { throw .policyViolation("You have asked; wait a little.") }
        if times.count >= limits.voiceRequests { times = times.filter { counts($0.value) } }
        guard times.count < limits.voiceRequests else {
            throw .resourceConstraint("Too many are asking for voice.")
        }
        times[person] = now
    }
}
