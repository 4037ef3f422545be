import DequeModule
import XMPP

/// Where sessions come from, as words that mean nothing here: equal for those of one network.
///
/// Those of somebody who has gone are remembered for a while: who makes trouble and leaves can still be banned.
struct Networks {
    private struct Departure {
        let person: JID
        let time: Int64
    }

    /// By full JID. As many as there are sessions.
    private var current: [JID: String] = [:]
    /// By bare JID, newest last, and when it left last.
    private var departed: [JID: (networks: [String], time: Int64)] = [:]
    private var departures: Deque<Departure> = []

    func network(of session: JID) -> String? { current[session] }

    mutating func enter(_ session: JID, _ network: String) { current[session] = network }

    mutating func leave(_ session: JID, _ limits: ModerationLimits, now: Int64) {
        guard let network = current.removeValue(forKey: session) else { return }
        let person = session.bare
        var known = departed[person]?.networks ?? []
        known.removeAll { $0 == network }
        known.append(network)
        departed[person] = (known.suffix(max(0, limits.networksPerBan)), now)
        departures.append(Departure(person: person, time: now))
        forget(limits, now: now)
    }

    /// The networks of a person, of now and of lately. A search: for bans, which are rare.
    func networks(of person: JID, _ limits: ModerationLimits) -> Set<String> {
        let present = current.lazy.filter { $0.key.bare == person }.map(\.value)
        return Set(
            (Array(Set(present)) + (departed[person]?.networks ?? []).reversed()).prefix(max(0, limits.networksPerBan)))
    }

    mutating func forget(_ limits: ModerationLimits, now: Int64) {
        while let oldest = departures.first,
            departures.count > limits.rememberedNetworks || now - oldest.time >= limits.networkMemory
        {
            departures.removeFirst()
            if departed[oldest.person]?.time == oldest.time { departed[oldest.person] = nil }
        }
    }
}
