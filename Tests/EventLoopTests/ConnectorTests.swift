import EventLoop
import Foundation
import LoopTesting
import Testing

/// Outgoing connections, against listeners on loopback.
@Suite(.serialized)
struct ConnectorTests {
    init() { LoopThread.start() }

    /// Sends back what it is sent, in capitals.
    @EventLoop private final class Echo: ConnectionHandler {
        func received(_ bytes: Span<UInt8>, on connection: Connection) {
            let text = String(decoding: bytes.withUnsafeBufferPointer { Array($0) }, as: UTF8.self)
            connection.send(Array(text.uppercased().utf8))
        }
        func closed(_ connection: Connection) {}
    }

    /// Collects what comes until it is so much.
    @EventLoop private final class Collector: ConnectionHandler {
        private var bytes: [UInt8] = []
        private let wanted: Int
        private var done: CheckedContinuation<String, Never>?

        init(_ wanted: Int, _ done: CheckedContinuation<String, Never>) {
            self.wanted = wanted
            self.done = done
        }
        func received(_ span: Span<UInt8>, on connection: Connection) {
            span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
            if bytes.count >= wanted { finish(connection) }
        }
        func closed(_ connection: Connection) { finish(connection) }
        private func finish(_ connection: Connection) {
            done?.resume(returning: String(decoding: bytes, as: UTF8.self))
            done = nil
            connection.close()
        }
    }

    private typealias Outcome = Result<Connection, ConnectError>

    @EventLoop private func listen(_ tls: Listener.TLS? = nil) throws -> Listener {
        try Listener(host: "127.0.0.1", port: 0, tls: tls, queueLimit: 1_048_576) { $0.own(Echo()) }
    }

    @EventLoop private func connect(
        _ host: String, _ port: Int, _ tls: TLSClient.Settings? = nil, timeout: Int64 = 5_000
    ) async -> Outcome {
        var connector: Connector?
        let outcome = await withCheckedContinuation { (done: CheckedContinuation<Outcome, Never>) in
            connector = Connector(
                .init(host: host, port: port, tls: tls, queueLimit: 1_048_576, timeout: timeout)
            ) { done.resume(returning: $0) }
        }
        _ = connector
        return outcome
    }

    @EventLoop private func ask(_ outcome: Outcome, _ text: String) async throws -> String {
        let connection = try outcome.get()
        return await withCheckedContinuation { done in
            connection.own(Collector(text.utf8.count, done))
            connection.send(Array(text.utf8))
        }
    }

    @EventLoop @Test func aNameIsResolvedAndEveryAddressTried() async throws {
        let listener = try listen()
        // Where localhost is ::1 first, nobody listens there.
        #expect(try await ask(connect("localhost", listener.port), "hello") == "HELLO")
        #expect(try await ask(connect("127.0.0.1", listener.port), "hello") == "HELLO")
    }

    @EventLoop @Test func aPortWithoutAListenerIsRefusedInWords() async throws {
        guard case .failure(let error) = await connect("127.0.0.1", 1) else {
            Issue.record("connected")
            return
        }
        #expect(error.description == "cannot connect to 127.0.0.1 port 1: connection refused")
    }

    @EventLoop @Test func aNameThatDoesNotExistIsSaidToBeSo() async throws {
        guard case .failure(let error) = await connect("name.invalid", 1) else {
            Issue.record("connected")
            return
        }
        #expect(error.description.hasPrefix("the name name.invalid "))
    }

    @EventLoop @Test func tlsIsVerifiedByAuthorityAndName() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("samepage-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let (certificate, key) = (directory.path + "/cert.pem", directory.path + "/key.pem")
        try makeCertificate(certificate, key, names: "DNS:localhost,IP:127.0.0.1")
        let listener = try listen(.init(certificate: certificate, key: key))
        let text = String(repeating: "hello ", count: 20_000)

        let byName = await connect("localhost", listener.port, .init(name: "localhost", authorities: certificate))
        #expect(try await ask(byName, text) == text.uppercased())
        let byAddress = await connect("127.0.0.1", listener.port, .init(name: "127.0.0.1", authorities: certificate))
        #expect(try await ask(byAddress, "hello") == "HELLO")

        for settings in [
            TLSClient.Settings(name: "other.example", authorities: certificate),
            TLSClient.Settings(name: "localhost"),
        ] {
            guard case .failure(let error) = await connect("localhost", listener.port, settings) else {
                Issue.record("trusted \(settings.name)")
                continue
            }
            #expect(error.description.hasPrefix("the certificate of \(settings.name) cannot be trusted: "))
        }
    }

    @EventLoop @Test func aServerThatSpeaksNoTLSIsNoMatch() async throws {
        let listener = try listen()
        guard case .failure(let error) = await connect("127.0.0.1", listener.port, .init(name: "localhost")) else {
            Issue.record("connected")
            return
        }
        #expect(error.description.contains("TLS"))
    }

    private func makeCertificate(_ certificate: String, _ key: String, names: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }
}
