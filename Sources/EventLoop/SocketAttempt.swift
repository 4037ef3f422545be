import CLibUV
import Foundation

/// One TCP connection being made to one address.
@EventLoop
final class SocketAttempt {
    private let descriptor: Int32
    private let handle: UnsafeMutablePointer<uv_poll_t>
    private var completion: (@EventLoop (Result<Int32, SystemError>) -> Void)?
    /// What the completion is told when libuv has let go of the descriptor.
    private var result: Result<Int32, SystemError>?

    /// Begins; `completion` is called later, once, with a connected descriptor that is then the caller's.
    ///
    /// - Throws: What failed at once.
    init(
        _ address: SocketAddress, completion: @escaping @EventLoop (Result<Int32, SystemError>) -> Void
    ) throws(SystemError) {
        descriptor = try address.connect().get()
        handle = .allocate(capacity: 1)
        self.completion = completion
        let status = uv_poll_init(EventLoop.shared.executor.loop, handle, descriptor)
        guard status == 0 else {
            handle.deallocate()
            close(descriptor)
            throw SystemError(-status)
        }
        // Balanced when the handle is closed, which `finish` and `cancel` both lead to.
        handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        uv_poll_start(handle, Int32(UV_WRITABLE.rawValue)) { handle, _, _ in
            nonisolated(unsafe) let data = handle?.pointee.data
            EventLoop.assumeIsolated {
                guard let data else { return }
                Unmanaged<SocketAttempt>.fromOpaque(data).takeUnretainedValue().isWritable()
            }
        }
    }

    /// Gives up; `completion` is not called.
    func cancel() {
        completion = nil
        finish(.failure(SystemError(ECANCELED)))
    }

    private func isWritable() {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
        if status != 0 { error = errno }
        finish(error == 0 ? .success(descriptor) : .failure(SystemError(error)))
    }

    private func finish(_ result: Result<Int32, SystemError>) {
        guard self.result == nil else { return }
        self.result = result
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { base in
            // libuv may poll a descriptor once only: lws gets it when this handle is gone.
            uv_close(base) { base in
                nonisolated(unsafe) let data = base?.pointee.data
                EventLoop.assumeIsolated {
                    guard let data else { return }
                    Unmanaged<SocketAttempt>.fromOpaque(data).takeRetainedValue().handleClosed()
                }
                UnsafeMutableRawPointer(base)?.deallocate()
            }
        }
    }

    private func handleClosed() {
        let completion = self.completion
        self.completion = nil
        switch (result, completion) {
        case (.success, let completion?): completion(.success(descriptor))
        case (.failure(let error), let completion):
            close(descriptor)
            completion?(.failure(error))
        default: close(descriptor)
        }
    }
}
