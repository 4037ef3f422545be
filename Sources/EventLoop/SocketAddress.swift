import CLibUV
import Foundation

/// An address to connect to, as the resolver gave it.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    let family: Int32
    /// A `sockaddr` of that family.
    let bytes: [UInt8]

    init?(_ info: addrinfo) {
        guard info.ai_family == AF_INET || info.ai_family == AF_INET6, let address = info.ai_addr else { return nil }
        family = info.ai_family
        bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
    }

    /// Begins to connect a new socket that does not block.
    ///
    /// - Returns: The descriptor, or the `errno` of what failed at once.
    func connect() -> Result<Int32, SystemError> {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return .failure(SystemError(errno)) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let status = bytes.withUnsafeBytes { raw in
            raw.baseAddress.map { address in
                Foundation.connect(
                    descriptor, address.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
            } ?? -1
        }
        if status == 0 || errno == EINPROGRESS { return .success(descriptor) }
        let error = SystemError(errno)
        close(descriptor)
        return .failure(error)
    }

    /// Listens on a numeric address, or on every address of the machine when that is empty.
    static func listen(host: String, port: Int) -> Result<Int32, SystemError> {
        guard host.isEmpty else { return SocketAddress(numeric: host, port: port)?.listen() ?? .failure(.notAnAddress) }
        let both = SocketAddress(numeric: "::", port: port)?.listen()
        // A kernel without IPv6.
        if case .failure(let error)? = both, error.code != EAFNOSUPPORT { return .failure(error) }
        if case .success(let descriptor)? = both { return .success(descriptor) }
        return SocketAddress(numeric: "0.0.0.0", port: port)?.listen() ?? .failure(.notAnAddress)
    }

    private init?(numeric host: String, port: Int) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let list else { return nil }
        defer { freeaddrinfo(list) }
        self.init(list.pointee)
    }

    private func listen() -> Result<Int32, SystemError> {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return .failure(SystemError(errno)) }
        func set(_ level: Int32, _ option: Int32, _ value: Int32) {
            var value = value
            setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        set(SOL_SOCKET, SO_REUSEADDR, 1)
        // Accepted sockets inherit it.
        set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        if family == AF_INET6 { set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        let status = bytes.withUnsafeBytes { raw in
            raw.baseAddress.map { address in
                Foundation.bind(descriptor, address.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
            } ?? -1
        }
        if status == 0, Foundation.listen(descriptor, SOMAXCONN) == 0 { return .success(descriptor) }
        let error = SystemError(errno)
        close(descriptor)
        return .failure(error)
    }

    /// The port that a socket is bound to; 0 when it is not.
    static func port(of descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let port = withUnsafeMutableBytes(of: &storage) { raw -> UInt16 in
            guard let address = raw.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(descriptor, address, &length) == 0
            else { return 0 }
            // At the same place in IPv4 and IPv6, in network order.
            return raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
        }
        return Int(UInt16(bigEndian: port))
    }

    /// The numeric address without port.
    package var description: String {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = bytes.withUnsafeBytes { raw in
            raw.baseAddress.map { address in
                getnameinfo(
                    address.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count), &text,
                    socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            } ?? -1
        }
        guard status == 0 else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// An `errno` in words.
struct SystemError: Error, Hashable, CustomStringConvertible {
    let code: Int32

    static let notAnAddress = SystemError(EADDRNOTAVAIL)

    init(_ code: Int32) {
        self.code = code
    }

    var description: String { String(cString: strerror(code)).lowercased() }
}
