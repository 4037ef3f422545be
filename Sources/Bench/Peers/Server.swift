import Glibc

/// A server that is measured, or takes part: started by the benchmark, on loopback, with no limits of rate.
protocol Server: AnyObject {
    var kind: ServerKind { get }
    var endpoint: Endpoint { get }
    var pid: pid_t { get }
    func stop()
}
