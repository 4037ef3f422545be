import EventLoop
import Foundation

/// Asks a server on this machine one question over HTTP, and stops the loop when the answer is there.
@EventLoop
final class StatusFetch: ConnectionHandler {
    /// Why there is no answer, in words for the operator.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Milliseconds.
    private static let timeout: Int64 = 10_000
    /// Bytes of an answer.
    private static let longest = 1_048_576

    private let request: [UInt8]
    private var connector: Connector?
    private var connection: Connection?
    private let timer = LoopTimer()
    private var answer: [UInt8] = []
    private(set) var failure: Failure?

    /// - Parameter url: `http` or `https` with a host; its path is ignored.
    init(_ url: URL, host: String, path: String) {
        let isSecure = url.scheme == "https"
        let port = url.port ?? (isSecure ? 443 : 80)
        let authority = host.contains(":") ? "[\(host)]" : host
        request = Array("GET \(path) HTTP/1.1\r\nHost: \(authority):\(port)\r\nConnection: close\r\n\r\n".utf8)
        let target = Connector.Target(
            host: host, port: port, tls: isSecure ? TLSClient.Settings(name: host) : nil, queueLimit: 65_536,
            timeout: Self.timeout)
        connector = Connector(target) { [unowned self] result in
            switch result {
            case .success(let connection):
                self.connection = connection
                connection.own(self)
                connection.send(request)
            case .failure(let error): finish(Failure(description: error.description))
            }
        }
        timer.start(after: Self.timeout) { [unowned self] in finish(Failure(description: "it does not answer")) }
    }

    /// What follows the head of the answer.
    var body: [UInt8] {
        let end: [UInt8] = [13, 10, 13, 10]
        guard let range = answer.firstRange(of: end) else { return [] }
        return Array(answer[range.upperBound...])
    }

    func received(_ bytes: Span<UInt8>, on connection: Connection) {
        guard answer.count + bytes.count <= Self.longest else { return connection.abort() }
        bytes.withUnsafeBufferPointer { answer.append(contentsOf: $0) }
    }

    func closed(_ connection: Connection) { finish(nil) }

    private func finish(_ failure: Failure?) {
        timer.cancel()
        self.failure = failure
        EventLoop.stop()
    }
}
