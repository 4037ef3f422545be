import Foundation
import Glibc

/// Ours: the executable that lies beside the benchmark, or the one that is named.
final class SamepageServer: Server {
    /// What differs from scenario to scenario.
    struct Options {
        enum Storage: String {
            case memory
            case disk
        }

        var storage = Storage.memory
        /// `open` lifts every limit of rate and number.
        var profile = "open"
        var usesTLS = false
        var domain = "localhost"
        var service = "rooms.localhost"
        /// Limits that are not as the profile has them.
        var limits: [String] = []
        /// Further lines of the configuration.
        var more: [String] = []
        /// A data directory to begin with; else an empty one.
        var data: String?
    }

    let kind = ServerKind.samepage
    let endpoint: Endpoint
    var pid: pid_t { child.pid }
    /// How long it took from the start of the process until `/readyz` answered 200, in milliseconds.
    let millisecondsToReady: Double
    private let child: Child
    private let folder: Folder

    init(_ executable: String, cores: Cores, _ options: Options = Options()) throws(BenchFailure) {
        guard access(executable, X_OK) == 0 else {
            throw BenchFailure("there is no \(executable): swift build -c release --product samepage")
        }
        folder = try Folder("samepage")
        let port = try Loopback.freePorts(1)[0]
        var more = options.more
        if options.usesTLS {
            try Self.makeCertificate(folder)
            more.append("tls: { certificate: \(folder.path)/certificate.pem, key: \(folder.path)/key.pem }")
        }
        var text = Template.fill(
            PackageResources.samepage_yaml,
            [
                "port": String(port), "storage": options.storage.rawValue, "profile": options.profile,
                "domain": options.domain, "service": options.service, "web-root": Self.webRoot(executable),
                "limits": options.limits.map { "  " + $0 }.joined(separator: "\n"),
                "more": more.joined(separator: "\n"), "folder": folder.path,
            ])
        if let data = options.data { text = text.replacingOccurrences(of: "\(folder.path)/data", with: data) }
        try folder.write(text, to: "samepage.yaml")
        endpoint = Endpoint(port: port, usesTLS: options.usesTLS, domain: options.domain, service: options.service)
        let start = Clock.now
        let child = try Child(
            [executable, "serve", "--config", folder.path + "/samepage.yaml"], core: cores.server, folder: folder.path)
        self.child = child
        let probe = HTTPProbe(port: port, usesTLS: options.usesTLS)
        try child.wait(seconds: 60, for: "/readyz to answer 200", every: 1) { probe.isOK("/readyz") }
        millisecondsToReady = Double(Clock.now - start) / 1e6
    }

    func stop() {
        child.end()
    }

    /// The widget's files of the checkout that the executable is of.
    private static func webRoot(_ executable: String) -> String {
        var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = folder.appendingPathComponent("public").path
            if access(candidate + "/embed.js", R_OK) == 0 { return candidate }
            folder.deleteLastPathComponent()
        }
        return FileManager.default.currentDirectoryPath + "/public"
    }

    private static func makeCertificate(_ folder: Folder) throws(BenchFailure) {
        let child = try Child(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "1",
                "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "certificate.pem",
            ], core: 0, folder: folder.path)
        let deadline = Clock.now + 20_000_000_000
        while child.isRunning, Clock.now < deadline { Clock.sleep(milliseconds: 10) }
        guard child.status == 0 else { throw BenchFailure("openssl makes no certificate:\n\(child.output)") }
    }
}
