/// Counters since the start.
struct Metrics: Sendable {
    var requests = 0
    var refusedRequests = 0
    var refusedFrames = 0
    var refusedSessions = 0
    var sessions = 0
    /// Sessions that came back on another connection (XEP-0198).
    var resumedSessions = 0
    /// Sessions that somebody wanted back in vain.
    var refusedResumptions = 0
    /// Sessions whose client did not come back in time.
    var expiredSessions = 0
}
