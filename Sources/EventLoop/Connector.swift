import CLibWebSockets
import Foundation

/// Makes one outgoing connection: resolves the name off the loop, tries every address, and negotiates TLS if wanted.
@EventLoop
package final class Connector {
    package struct Target: Sendable {
        /// A name or a numeric address.
        package var host: String
        package var port: Int
        /// Nil: plain TCP.
        package var tls: TLSClient.Settings?
        /// Bytes that may wait for a peer that does not read.
        package var queueLimit: Int
        /// Milliseconds for everything: name, TCP and TLS.
        package var timeout: Int64

        package init(host: String, port: Int, tls: TLSClient.Settings? = nil, queueLimit: Int, timeout: Int64) {
            self.host = host
            self.port = port
            self.tls = tls
            self.queueLimit = queueLimit
            self.timeout = timeout
        }
    }

    /// The least time that one of several addresses gets, in milliseconds.
    private static let shortestAttempt: Int64 = 1_000

    private let target: Target
    private var completion: (@EventLoop (Result<Connection, ConnectError>) -> Void)?
    private var resolver: Resolver?
    private var addresses: [SocketAddress] = []
    private var attempt: SocketAttempt?
    /// During the TLS handshake.
    private var connection: Connection?
    private var lastError: ConnectError?
    private let deadline: Int64
    private let timer = LoopTimer()

    /// Begins; `completion` is called later, once. The connection has no handler yet: give it one in `completion`.
    package init(
        _ target: Target, completion: @escaping @EventLoop (Result<Connection, ConnectError>) -> Void
    ) {
        self.target = target
        self.completion = completion
        deadline = EventLoop.now + target.timeout
        timer.start(after: target.timeout) { [weak self] in
            guard let self else { return }
            fail(ConnectError("the name \(target.host) could not be resolved in time"))
        }
        resolver = Resolver(host: target.host, port: target.port) { [weak self] result in
            guard let self else { return }
            switch result {
            case .success(let addresses):
                self.addresses = addresses.reversed()
                tryNext()
            case .failure(let error): fail(error)
            }
        }
    }

    /// Gives up; `completion` is not called.
    package func cancel() {
        completion = nil
        stop()
    }

    // MARK: - TCP

    private func tryNext() {
        guard let address = addresses.popLast() else {
            return fail(lastError ?? ConnectError("cannot connect to \(target.host)"))
        }
        let left = deadline - EventLoop.now
        let share = max(left / Int64(addresses.count + 1), min(left, Self.shortestAttempt))
        do {
            attempt = try SocketAttempt(address) { [weak self] result in
                guard let self else {
                    if case .success(let descriptor) = result { close(descriptor) }
                    return
                }
                attempt = nil
                switch result {
                case .success(let descriptor): connected(descriptor, to: address)
                case .failure(let error): failed(address, "\(error)")
                }
            }
        } catch {
            return failed(address, "\(error)")
        }
        timer.start(after: max(share, 1)) { [weak self] in
            guard let self else { return }
            attempt?.cancel()
            attempt = nil
            failed(address, "it does not answer")
        }
    }

    private func failed(_ address: SocketAddress, _ reason: String) {
        lastError = ConnectError("cannot connect to \(place(address)): \(reason)")
        tryNext()
    }

    private func place(_ address: SocketAddress) -> String {
        let numeric = "\(address)"
        return numeric == target.host
            ? "\(target.host) port \(target.port)" : "\(target.host) (\(numeric)) port \(target.port)"
    }

    private func connected(_ descriptor: Int32, to address: SocketAddress) {
        let connection: Connection
        do {
            connection = try SocketContext.adopt(descriptor, queueLimit: target.queueLimit)
        } catch {
            return fail(ConnectError(error.description))
        }
        guard let tls = target.tls else { return succeed(connection) }
        do {
            let client = try TLSClient(tls)
            self.connection = connection
            connection.handler = self
            timer.start(after: max(deadline - EventLoop.now, 1)) { [weak self] in
                self?.fail(ConnectError("\(tls.name) does not answer the TLS handshake"))
            }
            connection.startTLS(client)
        } catch {
            connection.abort()
            fail(ConnectError(error.description))
        }
    }

    // MARK: - The end

    private func succeed(_ connection: Connection) {
        let completion = self.completion
        self.completion = nil
        self.connection = nil
        connection.handler = nil
        stop()
        guard let completion else { return connection.abort() }
        completion(.success(connection))
    }

    private func fail(_ error: ConnectError) {
        let completion = self.completion
        self.completion = nil
        stop()
        completion?(.failure(error))
    }

    private func stop() {
        timer.cancel()
        resolver?.cancel()
        resolver = nil
        attempt?.cancel()
        attempt = nil
        connection?.handler = nil
        connection?.abort()
        connection = nil
    }
}

/// During the TLS handshake the connection is the connector's own.
extension Connector: ConnectionHandler {
    package func secured(_ connection: Connection) { succeed(connection) }

    package func received(_ bytes: Span<UInt8>, on connection: Connection) {}

    package func closed(_ connection: Connection) {
        self.connection = nil
        let reason =
            connection.tlsFailure?.description ?? "\(target.host) closed the connection during the TLS handshake"
        fail(ConnectError(reason))
    }
}
