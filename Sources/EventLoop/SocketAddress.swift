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

    init(_ code: Int32) {
        self.code = code
    }

    var description: String { String(cString: strerror(code)).lowercased() }
}
