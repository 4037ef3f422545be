import Foundation
import Glibc

/// ejabberd as Debian ships it, started by `erl` itself: no service, no `su` (which would set the limit of open files back), no node
/// name and so no `epmd`.
final class EjabberdServer: Server {
    let kind = ServerKind.ejabberd
    private(set) var endpoint: Endpoint
    var pid: pid_t { child.pid }
    private let child: Child
    private let folder: Folder

    /// Why it cannot be measured here; nil when it can.
    static var absence: String? {
        Programs.has("erl") && libraries != nil ? nil : "ejabberd is not installed (.ci/install bench)"
    }

    /// Debian keeps ejabberd's beams beside the libraries of the machine's architecture.
    private static var libraries: String? {
        let root = "/usr/lib"
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for folder in folders.sorted() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            for name in names where name.hasPrefix("ejabberd-") {
                if access("\(root)/\(folder)/\(name)/ebin/ejabberd.app", R_OK) == 0 { return "\(root)/\(folder)" }
            }
        }
        return nil
    }

    /// As Debian's configuration has them. What comes over WebSocket has the limits of the first plain listener.
    private static let limits = """
          - port: {plain-port}
            ip: "127.0.0.1"
            module: ejabberd_c2s
            shaper: c2s_shaper

        shaper:
          normal:
            rate: 3000
            burst_size: 20000

        shaper_rules:
          c2s_shaper: normal

        """

    /// - Parameter isLimited: Whether it has the limits of rate that it is shipped with.
    init(cores: Cores, isLimited: Bool = false) throws(BenchFailure) {
        if let absence = Self.absence { throw BenchFailure(absence) }
        folder = try Folder("ejabberd")
        let ports = try Loopback.freePorts(2)
        let port = ports[0]
        let limits = isLimited ? Self.limits.replacing("{plain-port}", with: String(ports[1])) : ""
        endpoint = Endpoint(port: port)
        try folder.write(
            Template.fill(PackageResources.ejabberd_yml, ["port": String(port), "limits": limits]), to: "ejabberd.yml")
        let path = folder.path
        // As ejabberdctl starts it, but for schedulers that spin while they wait: that would count as work.
        let flags = ["+K", "true", "+P", "250000", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"]
        let child = try Child(
            ["erl", "-noinput"] + flags + ["-mnesia", "dir", "\"\(path)/mnesia\"", "-s", "ejabberd"],
            core: cores.server, folder: path,
            environment: [
                "HOME": path, "ERL_LIBS": Self.libraries ?? "", "ERL_CRASH_DUMP": path + "/crash.dump",
                "EJABBERD_CONFIG_PATH": path + "/ejabberd.yml", "EJABBERD_LOG_PATH": path + "/ejabberd.log",
            ])
        self.child = child
        try child.wait(seconds: 90, for: "ejabberd's port to answer") { Loopback.answers(port) }
        try warmUp()
    }

    /// Its first connection can take half a minute.
    private func warmUp() throws(BenchFailure) {
        let generator = try Generator()
        defer { generator.close() }
        let clients = try generator.connect(5, to: endpoint)
        try generator.join(clients) { _ in endpoint.room(0) }
        try generator.settle()
    }

    /// Begins to serve others.
    func serveNext() {
        endpoint.generation += 1
    }

    func stop() {
        // It takes seconds to stop in order, and nothing of it is kept.
        child.kill()
    }
}
