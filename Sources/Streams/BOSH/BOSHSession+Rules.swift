import WebWire

/// What a request may not do: keys, polling, and what it tells of answers that were lost.
extension BOSHSession {
    /// Age of an answer from which on a client that has not acknowledged it is told of it. Younger ones are on their way.
    private static let reportAfter: Int64 = 1_000

    /// §15.4: each key hashes to the one before it; case does not matter.
    func isKeyValid(_ key: String?) -> Bool {
        guard let nextKey else { return true }
        guard let key else { return false }
        return Digest.hex(Digest.sha1(Array(key.utf8))) == nextKey.lowercased()
    }

    /// §12: who polls, and was told nothing, may not do so again at once.
    mutating func pollsTooSoon(_ request: BOSHRequest, now: Int64) -> Bool {
        guard hold == 0, request.sid != nil, request.isPoll else {
            lastPoll = nil
            return false
        }
        defer { lastPoll = now }
        guard let lastPoll, answered.last?.isEmpty == true else { return false }
        return now - lastPoll < limits.polling
    }

    /// §9.2: an answer that the client should have by now and has not is reported with the next one, at once.
    mutating func noteAcknowledgement(_ request: BOSHRequest, now: Int64) {
        guard acknowledges, request.sid != nil, let acknowledged = request.acknowledged else { return }
        report = answered.first { $0.rid == acknowledged &+ 1 && now - $0.time >= Self.reportAfter }
            .map { Report(rid: $0.rid, since: $0.time) }
    }
}
