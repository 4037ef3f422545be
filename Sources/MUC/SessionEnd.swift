/// How a session ended that did not leave its rooms itself.
package enum SessionEnd: Hashable, Sendable {
    /// The person closed it: an ordinary leave.
    case left
    /// Its connection failed: status 333.
    case errored
    /// The service ends: status 332.
    case shutdown

    var status: StatusCode? {
        switch self {
        case .left: nil
        case .errored: .removedByError
        case .shutdown: .shutdown
        }
    }
}
