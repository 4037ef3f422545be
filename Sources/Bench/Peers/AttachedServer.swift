import Glibc

/// A server that runs already and is not ours to start or to end: another program, or one that is looked at with a profiler.
package final class AttachedServer: Server {
    package let kind: ServerKind
    package let pid: pid_t
    private(set) var endpoint: Endpoint

    package init(_ kind: ServerKind, pid: pid_t, endpoint: Endpoint) {
        self.kind = kind
        self.pid = pid
        self.endpoint = endpoint
        // Rooms of an earlier run may still be there.
        self.endpoint.generation = Int(Clock.now / 1_000_000 % 1_000_000)
    }

    func serveNext() {
        endpoint.generation += 1
    }

    func stop() {}
}
