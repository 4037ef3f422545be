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

    let queueLimit: Int
    private let accept: @EventLoop (Connection) -> Void
    private var vhost: OpaquePointer?
    /// lws keeps the pointers it is given while the vhost lives.
    private var strings: [UnsafeMutablePointer<CChar>?] = []

    /// The port in use; of interest when 0 was asked for.
    package private(set) var port: Int = 0

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
        var info = lws_context_creation_info()
        info.port = Int32(clamping: port)
        info.vhost_name = keep("\(host):\(port)")
        info.iface = host.isEmpty ? nil : keep(host)
        info.options =
            UInt64(LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG)
            | UInt64(LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND)
        if !host.contains(":") && !host.isEmpty { info.options |= UInt64(LWS_SERVER_OPTION_DISABLE_IPV6) }
        info.listen_accept_role = UnsafePointer(SocketContext.roleName)
        info.listen_accept_protocol = UnsafePointer(SocketContext.protocolName)
        info.protocols = SocketContext.sharedProtocols
        // Unretained: `close` and `deinit` take the vhost away first.
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
            let reason = SocketContext.lastError.trimmingCharacters(in: .whitespacesAndNewlines)
            throw ListenerError(
                "cannot listen on \(host.isEmpty ? "*" : host):\(port): "
                    + (reason.isEmpty ? "the address is in use or not one of this machine's" : reason))
        }
        self.vhost = vhost
        self.port = Int(lws_get_vhost_listen_port(vhost))
    }

    private enum SSLOption {
        static let noTLS1: UInt64 = 1 << 26
        static let noTLS1_1: UInt64 = 1 << 28
    }

    func accepted(_ connection: Connection) { accept(connection) }

    private func keep(_ string: String) -> UnsafePointer<CChar>? {
        let copy = strdup(string)
        strings.append(copy)
        return UnsafePointer(copy)
    }
}
