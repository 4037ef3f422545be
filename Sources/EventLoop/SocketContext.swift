import CLibUV
import CLibWebSockets
import Foundation

/// The one libwebsockets context of the process, on our own libuv loop.
///
/// lws gives us accept, TLS and timeouts. It never sees HTTP or WebSocket: every socket has the role `raw-skt`, because
/// its server roles do not survive hostile input (docs/ARCHITECTURE.md, "libwebsockets").
@EventLoop
enum SocketContext {
    /// Descriptors kept free for the database, files and the like when sockets use up the rest.
    private static let reservedDescriptors = 64
    private static let descriptorCap = 65_536
    /// What one read takes at most, in bytes. One buffer for all connections.
    private static let readSize: UInt32 = 16_384

    /// The last thing lws reported as an error: the reason when a listener cannot be made.
    static var lastError = ""

    private static var context: OpaquePointer?
    /// Connections that lws has, those in their TLS handshake too, and how many there may be.
    private static var connections = 0
    private static var mostConnections = 0
    static var hasRoom: Bool { connections < mostConnections }
    /// They live as long as the process, and accept again when a connection has gone.
    static var listeners: [Listener] = []
    /// lws keeps pointers into these for as long as the context lives: they are never freed.
    private static let protocols = makeProtocols()
    static var sharedProtocols: UnsafePointer<lws_protocols> { UnsafePointer(protocols) }
    private static let foreignLoops = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: 1)

    static let protocolName = strdup("samepage")
    static let roleName = strdup("raw-skt")

    /// Sockets that may be open at a time: the descriptor limit, raised as far as it goes, less a reserve.
    static let descriptorLimit: Int = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(descriptorCap))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return max(Int(clamping: limit.rlim_cur) - reservedDescriptors, 64)
    }()

    static func shared(maximumConnections: Int) throws(ListenerError) -> OpaquePointer {
        if let context { return context }
        lws_set_log_level(Int32(LLL_ERR)) { level, line in
            guard let line else { return }
            let text = String(cString: line)
            EventLoop.assumeIsolated { SocketContext.lastError = text }
        }
        foreignLoops.pointee = UnsafeMutableRawPointer(EventLoop.shared.executor.loop)
        var info = lws_context_creation_info()
        info.options =
            UInt64(LWS_SERVER_OPTION_LIBUV) | UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
            | UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT)
        info.foreign_loops = foreignLoops
        info.protocols = UnsafePointer(protocols)
        let limit = descriptorLimit
        mostConnections = maximumConnections > 0 ? min(limit, maximumConnections) : limit
        // No `fd_limit_per_thread`: with a limit of its own lws finds a socket by looking at all of them, at every event.
        info.pt_serv_buf_size = readSize
        info.gid = -1
        info.uid = -1
        guard let created = lws_create_context(&info) else {
            throw ListenerError("libwebsockets cannot start: \(lastError). Is libwebsockets-evlib-uv installed?")
        }
        context = created
        return created
    }

    /// Where outgoing connections live: it listens nowhere.
    private static var clientVhost: OpaquePointer?

    /// Makes a connection of a connected socket, which is lws's from now on, whatever happens.
    static func adopt(_ descriptor: Int32, queueLimit: Int) throws(ListenerError) -> Connection {
        guard let vhost = try? sharedClientVhost() else {
            close(descriptor)
            throw ListenerError("libwebsockets cannot make connections: \(lastError)")
        }
        guard hasRoom else {
            close(descriptor)
            throw ListenerError("there are as many connections as there may be (limits.connections)")
        }
        var socket = lws_sock_file_fd_type()
        socket.sockfd = descriptor
        // On failure lws has closed it.
        guard let wsi = lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_SOCKET, socket, protocolName, nil) else {
            throw ListenerError("libwebsockets does not take the connection: \(lastError)")
        }
        lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
        let connection = Connection(wsi: wsi, queueLimit: queueLimit)
        // Balanced in RAW_CLOSE.
        lws_set_opaque_user_data(wsi, Unmanaged.passRetained(connection).toOpaque())
        return connection
    }

    private static func sharedClientVhost() throws(ListenerError) -> OpaquePointer {
        if let clientVhost { return clientVhost }
        let context = try shared(maximumConnections: 0)
        var info = lws_context_creation_info()
        info.port = CONTEXT_PORT_NO_LISTEN
        info.vhost_name = UnsafePointer(clientName)
        info.protocols = sharedProtocols
        guard let vhost = lws_create_vhost(context, &info) else { throw ListenerError(lastError) }
        clientVhost = vhost
        return vhost
    }

    private static let clientName = strdup("outgoing")

    private static func makeProtocols() -> UnsafeMutablePointer<lws_protocols> {
        let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
        protocols.initialize(repeating: lws_protocols(), count: 2)
        protocols[0].name = UnsafePointer(protocolName)
        protocols[0].callback = socketCallback
        return protocols
    }
}

/// What lws calls for every event of every socket. A top-level function, since lws keeps the pointer.
private func socketCallback(
    _ wsi: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?, _ length: Int
) -> Int32 {
    // Pointers are not Sendable; these stay on the thread that lws called us on, which is the loop's.
    nonisolated(unsafe) let socket = wsi
    nonisolated(unsafe) let bytes = UnsafeRawBufferPointer(start: input, count: input == nil ? 0 : length)
    return EventLoop.assumeIsolated { SocketContext.handle(reason, socket: socket, bytes: bytes) }
}

extension SocketContext {
    /// The answer is lws's: not 0 closes the socket.
    fileprivate static func handle(
        _ reason: lws_callback_reasons, socket wsi: OpaquePointer?, bytes: UnsafeRawBufferPointer
    ) -> Int32 {
        guard let wsi else { return 0 }
        switch reason {
        case LWS_CALLBACK_WSI_CREATE: connections += 1
        case LWS_CALLBACK_WSI_DESTROY:
            connections = max(connections - 1, 0)
            for listener in listeners { listener.resume() }
        case LWS_CALLBACK_RAW_ADOPT:
            // Without a listener it is one of ours, which `adopt` looks after.
            guard let vhost = lws_get_vhost(wsi), let data = lws_get_vhost_user(vhost) else { return 0 }
            let listener = Unmanaged<Listener>.fromOpaque(data).takeUnretainedValue()
            let connection = Connection(wsi: wsi, queueLimit: listener.queueLimit)
            // Balanced in RAW_CLOSE, which follows every RAW_ADOPT.
            lws_set_opaque_user_data(wsi, Unmanaged.passRetained(connection).toOpaque())
            listener.accepted(connection)
        case LWS_CALLBACK_RAW_RX:
            guard !bytes.isEmpty else { return 0 }
            bytes.withMemoryRebound(to: UInt8.self) { connection(of: wsi)?.receive($0.span) }
        case LWS_CALLBACK_RAW_WRITEABLE:
            connection(of: wsi)?.writeable()
        case LWS_CALLBACK_RAW_CLOSE:
            guard let data = lws_get_opaque_user_data(wsi) else { return 0 }
            lws_set_opaque_user_data(wsi, nil)
            Unmanaged<Connection>.fromOpaque(data).takeRetainedValue().socketClosed()
        default: break
        }
        return 0
    }

    private static func connection(of wsi: OpaquePointer) -> Connection? {
        lws_get_opaque_user_data(wsi).map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
    }
}
