import CLinux
import Glibc

/// A run: where, with which executable, and who is told how it goes.
package final class Bench {
    let cores: Cores
    /// Ours.
    let executable: String
    private let tell: (String) -> Void
    /// The peer that takes long to start serves several scenarios.
    private var ejabberd: EjabberdServer?
    /// What takes a server's place, where nothing special is asked of it.
    package var attached: AttachedServer?

    package init(executable: String, cores: Cores, tell: @escaping (String) -> Void) {
        self.executable = executable
        self.cores = cores
        self.tell = tell
    }

    package func say(_ text: String) {
        tell(text)
    }

    /// Why a server cannot take part; nil when it can.
    package func absence(of kind: ServerKind) -> String? {
        guard attached?.kind != kind else { return nil }
        return switch kind {
        case .samepage:
            access(executable, X_OK) == 0 ? nil : "there is no \(executable): swift build -c release --product samepage"
        case .prosody: ProsodyServer.absence
        case .ejabberd: EjabberdServer.absence
        case .floor: nil
        }
    }

    /// Starts a server, lets something be done with it and with clients of it, and ends both.
    ///
    /// - Parameters:
    ///   - isFresh: Whether it must not have served anybody before.
    ///   - isLimited: Whether a peer has the limits of rate that it is shipped with.
    func with<Result>(
        _ kind: ServerKind, _ options: SamepageServer.Options = .init(), isFresh: Bool = false, isLimited: Bool = false,
        _ body: (any Server, Generator) throws(BenchFailure) -> Result
    ) throws(BenchFailure) -> Result {
        let server = try start(kind, options, isFresh: isFresh, isLimited: isLimited)
        defer { if server !== ejabberd { server.stop() } }
        let generator = try Generator()
        defer { generator.close() }
        try rest(server)
        return try body(server, generator)
    }

    private func start(_ kind: ServerKind, _ options: SamepageServer.Options, isFresh: Bool, isLimited: Bool)
        throws(BenchFailure) -> any Server
    {
        if let attached, attached.kind == kind {
            attached.serveNext()
            return attached
        }
        switch kind {
        case .samepage: return try SamepageServer(executable, cores: cores, options)
        case .prosody: return try ProsodyServer(cores: cores, isLimited: isLimited)
        case .floor: return try FloorServer(cores: cores)
        case .ejabberd:
            if isLimited { return try EjabberdServer(cores: cores, isLimited: true) }
            if isFresh { close() }
            if let ejabberd {
                ejabberd.serveNext()
                return ejabberd
            }
            let server = try EjabberdServer(cores: cores)
            server.serveNext()
            ejabberd = server
            return server
        }
    }

    /// Waits until a server has nothing to do: what was before is not to be measured.
    func rest(_ server: any Server) throws(BenchFailure) {
        for _ in 0..<50 {
            let before = try Usage.cpu(of: server.pid)
            Clock.sleep(milliseconds: 100)
            try Interruption.check()
            if try Usage.cpu(of: server.pid) - before < 3_000_000 { return }
        }
    }

    /// Ends what is kept between scenarios.
    package func close() {
        ejabberd?.stop()
        ejabberd = nil
    }

    /// Runs scenarios with servers, and goes on when one of them fails.
    package func run(_ scenarios: [any Scenario], _ kinds: [ServerKind]) throws(BenchFailure) -> Results {
        var results = Results()
        defer { close() }
        let present = kinds.filter { kind in
            guard let absence = absence(of: kind) else { return true }
            say("left out: \(absence)")
            results.fail("\(kind.title): \(absence)")
            return false
        }
        for scenario in scenarios {
            for kind in present where scenario.servers.contains(kind) {
                say("\(scenario.name): \(kind.title) …")
                do throws(BenchFailure) {
                    for (metric, value) in try scenario.run(self, kind) {
                        results.set(metric, kind, value)
                        say("    \(metric.title): \(Metric.format(value))")
                    }
                } catch {
                    try Interruption.check()
                    // What went wrong with it may go on to do so.
                    if kind == .ejabberd { close() }
                    say("    failed: \(error)")
                    results.fail("\(scenario.name), \(kind.title): \(error)")
                }
            }
        }
        return results
    }
}
