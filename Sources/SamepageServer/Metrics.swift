/// Counters since the start.
struct Metrics: Sendable {
    var requests = 0
    var refusedRequests = 0
    var refusedFrames = 0
    var refusedSessions = 0
    var sessions = 0
}
