import CLibUV
import Foundation

/// Name resolution on libuv's thread pool: the loop never waits for a name server.
@EventLoop
package final class Resolver {
    /// Addresses of one name that are worth trying.
    private static let mostAddresses = 8

    private var completion: (@EventLoop (Result<[SocketAddress], ConnectError>) -> Void)?
    private let host: String

    /// Looks a name up (or reads a numeric address), in the order of RFC 6724. `completion` is called later, once.
    package init(
        host: String, port: Int, completion: @escaping @EventLoop (Result<[SocketAddress], ConnectError>) -> Void
    ) {
        self.host = host
        self.completion = completion
        let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
        // Balanced in the callback, which libuv always calls unless the start fails.
        request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        let status = uv_getaddrinfo(
            EventLoop.shared.executor.loop, request,
            { request, status, list in
                // These stay on the thread that libuv called us on, which is the loop's.
                nonisolated(unsafe) let data = request?.pointee.data
                nonisolated(unsafe) let found = list
                EventLoop.assumeIsolated {
                    guard let data else { return }
                    Unmanaged<Resolver>.fromOpaque(data).takeRetainedValue().finish(status: status, found)
                }
                uv_freeaddrinfo(list)
                request?.deallocate()
            }, host, "\(port)", &hints)
        guard status != 0 else { return }
        Unmanaged.passUnretained(self).release()
        request.deallocate()
        // Never before `init` has returned.
        Task { @EventLoop in self.finish(status: status, nil) }
    }

    /// `completion` will not be called any more.
    package func cancel() {
        completion = nil
    }

    private func finish(status: Int32, _ list: UnsafeMutablePointer<addrinfo>?) {
        guard let completion else { return }
        self.completion = nil
        guard status == 0 else {
            return completion(.failure(ConnectError("the name \(host) cannot be resolved: \(Self.reason(status))")))
        }
        var addresses: [SocketAddress] = []
        var next = list
        while let info = next?.pointee, addresses.count < Self.mostAddresses {
            if let address = SocketAddress(info), !addresses.contains(address) { addresses.append(address) }
            next = info.ai_next
        }
        completion(
            addresses.isEmpty
                ? .failure(ConnectError("the name \(host) has no address")) : .success(addresses))
    }

    private static func reason(_ status: Int32) -> String {
        uv_strerror(status).map { String(cString: $0) } ?? "error \(status)"
    }
}
