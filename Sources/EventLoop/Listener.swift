import CLibUV
import CLibWebSockets
import Foundation

/// Why a listener could not be made, in words for the operator.
package struct ListenerError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Accepts TCP or TLS connections on one address and port.
///
/// The listening socket is ours and lws adopts what comes in: lws limits connections only together with a search through
/// all of them at every event.
@EventLoop
package final class Listener {
    package struct TLS: Sendable {
        /// Paths of PEM files.
        package var certificate: String
        package var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// What one turn accepts at most, so that those who are here are served meanwhile.
    private static let batch = 64
    /// How long to wait when the system has no descriptor or memory for another connection, in milliseconds.
    private static let respite: Int64 = 100

    let queueLimit: Int
    private let accept: @EventLoop (Connection) -> Void
    private let socket: Int32
    private let handle: UnsafeMutablePointer<uv_poll_t>
    private let retry = LoopTimer()
    private var isPaused = true
    private var vhost: OpaquePointer?
    /// lws keeps the pointers it is given while the vhost lives.
    private var strings: [UnsafeMutablePointer<CChar>?] = []

    /// The port in use; of interest when 0 was asked for.
    package let port: Int

    /// Starts listening.
    ///
    /// - Parameters:
    ///   - host: a numeric address, or empty for every interface.
    ///   - port: 0 lets the system choose.
    ///   - queueLimit: bytes that may wait for a peer that does not read, per connection.
    ///   - maximumConnections: sockets of the whole process; past it, accepting pauses. 0: as many as descriptors allow.
    ///     The first listener decides.
    ///   - accept: gives each new connection its handler.
    package init(
        host: String, port: Int, tls: TLS? = nil, queueLimit: Int, maximumConnections: Int = 0,
        accept: @escaping @EventLoop (Connection) -> Void
    ) throws(ListenerError) {
        self.queueLimit = queueLimit
        self.accept = accept
        let context = try SocketContext.shared(maximumConnections: maximumConnections)
        do {
            socket = try SocketAddress.listen(host: host, port: port).get()
        } catch {
            throw ListenerError("cannot listen on \(host.isEmpty ? "*" : host):\(port): \(error)")
        }
        self.port = SocketAddress.port(of: socket)
        handle = .allocate(capacity: 1)
        var info = lws_context_creation_info()
        info.port = CONTEXT_PORT_NO_LISTEN_SERVER
        info.vhost_name = keep("\(host):\(port)")
        info.options = UInt64(LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG)
        info.listen_accept_role = UnsafePointer(SocketContext.roleName)
        info.listen_accept_protocol = UnsafePointer(SocketContext.protocolName)
        info.protocols = SocketContext.sharedProtocols
        // Unretained: a listener lives as long as its vhost.
        info.user = Unmanaged.passUnretained(self).toOpaque()
        if let tls {
            info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
            info.ssl_cert_filepath = keep(tls.certificate)
            info.ssl_private_key_filepath = keep(tls.key)
            // TLS 1.2 and 1.3 only (RFC 8996).
            info.ssl_options_set = Int(bitPattern: UInt(SSLOption.noTLS1 | SSLOption.noTLS1_1))
        }
        SocketContext.lastError = ""
        guard let vhost = lws_create_vhost(context, &info) else {
            close(socket)
            handle.deallocate()
            let reason = SocketContext.lastError.trimmingCharacters(in: .whitespacesAndNewlines)
            throw ListenerError("cannot listen on \(host.isEmpty ? "*" : host):\(port): \(reason)")
        }
        self.vhost = vhost
        let status = uv_poll_init(EventLoop.shared.executor.loop, handle, socket)
        precondition(status == 0, "libuv cannot poll a socket that was just made")
        handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        SocketContext.listeners.append(self)
        resume()
    }

    private enum SSLOption {
        static let noTLS1: UInt64 = 1 << 26
        static let noTLS1_1: UInt64 = 1 << 28
    }

    func accepted(_ connection: Connection) { accept(connection) }

    /// Accepts again, if it had stopped.
    func resume() {
        guard isPaused, SocketContext.hasRoom else { return }
        isPaused = false
        retry.cancel()
        uv_poll_start(handle, Int32(UV_READABLE.rawValue)) { handle, _, _ in
            nonisolated(unsafe) let data = handle?.pointee.data
            EventLoop.assumeIsolated {
                guard let data else { return }
                Unmanaged<Listener>.fromOpaque(data).takeUnretainedValue().acceptWaiting()
            }
        }
    }

    private func pause() {
        isPaused = true
        uv_poll_stop(handle)
    }

    private func acceptWaiting() {
        for _ in 0..<Self.batch {
            guard SocketContext.hasRoom else { return pause() }
            let descriptor = Foundation.accept(socket, nil, nil)
            guard descriptor < 0 else {
                _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                adopt(descriptor)
                continue
            }
            switch errno {
            // Whoever was about to come has gone again.
            case ECONNABORTED, EINTR, EPROTO: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                pause()
                return retry.start(after: Self.respite) { [unowned self] in resume() }
            default: return
            }
        }
    }

    private func adopt(_ descriptor: Int32) {
        guard let vhost else { return }
        var socket = lws_sock_file_fd_type()
        socket.sockfd = descriptor
        // The role decides what of this is meant; on failure lws has closed it. `RAW_ADOPT` tells when it is ready.
        let type = lws_adoption_type(LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_ALLOW_SSL.rawValue)
        _ = lws_adopt_descriptor_vhost(vhost, type, socket, nil, nil)
    }

    private func keep(_ string: String) -> UnsafePointer<CChar>? {
        let copy = strdup(string)
        strings.append(copy)
        return UnsafePointer(copy)
    }
}
