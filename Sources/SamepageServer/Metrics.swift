/// Counters since the start.
struct Metrics: Sendable {
    var requests = 0
    var refusedRequests = 0
    var refusedFrames = 0
    var refusedSessions = 0
    var sessions = 0
    /// Stanzas of visitors that were within their rates.
    var stanzas = 0
    /// Stanzas handed to visitors' sessions.
    var deliveries = 0
    /// Stanzas of visitors that were past a rate.
    var limitedStanzas = 0
    /// Sessions that came back on another connection (XEP-0198).
    var resumedSessions = 0
    /// Sessions that somebody wanted back in vain.
    var refusedResumptions = 0
    /// Sessions whose client did not come back in time.
    var expiredSessions = 0
}
