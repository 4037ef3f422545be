import Glibc

/// The floor, which this program brings itself, in a process of its own.
final class FloorServer: Server {
    let kind = ServerKind.floor
    let endpoint: Endpoint
    var pid: pid_t { child.pid }
    private let child: Child
    private let folder: Folder

    init(cores: Cores) throws(BenchFailure) {
        folder = try Folder("floor")
        let port = try Loopback.freePorts(1)[0]
        endpoint = Endpoint(port: port, dialect: .bare)
        let child = try Child(
            [Launch.executable, "floor", "--port", String(port)], core: cores.server, folder: folder.path)
        self.child = child
        try child.wait(seconds: 10, for: "its port to answer") { Loopback.answers(port) }
    }

    func stop() {
        child.end()
    }
}
