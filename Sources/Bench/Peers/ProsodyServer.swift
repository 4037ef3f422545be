import Foundation
import Glibc

/// Prosody as Debian ships it.
final class ProsodyServer: Server {
    let kind = ServerKind.prosody
    let endpoint: Endpoint
    /// Where components connect to, and their secret.
    let componentPort: UInt16
    static let componentSecret = "bench"
    var pid: pid_t { child.pid }
    private let child: Child
    private let folder: Folder

    /// Why it cannot be measured here; nil when it can.
    static var absence: String? {
        Programs.has("prosody") ? nil : "Prosody is not installed (.ci/install bench)"
    }

    /// As Debian's configuration has it: a client that sends more is read slowly.
    private static let limits = """
        modules_enabled = { "saslauth", "disco", "websocket", "bosh", "limits" }
        limits = { c2s = { rate = "10kb/s" } }
        """

    /// - Parameter isLimited: Whether it has the limits of rate that it is shipped with.
    init(cores: Cores, isLimited: Bool = false) throws(BenchFailure) {
        if let absence = Self.absence { throw BenchFailure(absence) }
        folder = try Folder("prosody")
        let ports = try Loopback.freePorts(2)
        endpoint = Endpoint(port: ports[0])
        componentPort = ports[1]
        try folder.makeFolder("data")
        try folder.write(
            Template.fill(
                PackageResources.prosody_cfg_lua,
                [
                    "folder": folder.path, "limits": isLimited ? Self.limits : "", "port": String(ports[0]),
                    "component-port": String(ports[1]),
                ]),
            to: "prosody.cfg.lua")
        let child = try Child(
            ["prosody", "-F", "--config", folder.path + "/prosody.cfg.lua"], core: cores.server, folder: folder.path)
        self.child = child
        try child.wait(seconds: 30, for: "Prosody's ports to answer") { ports.allSatisfy { Loopback.answers($0) } }
    }

    func stop() {
        child.end()
    }
}
