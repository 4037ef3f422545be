import CLinux
import Glibc

/// `epoll`, level-triggered: who can be read from or written to.
final class Poller {
    private static let capacity = 1024

    private let descriptor: Int32
    private let events: UnsafeMutablePointer<epoll_event>

    init() throws(BenchFailure) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .system("epoll_create1") }
        events = .allocate(capacity: Self.capacity)
    }

    deinit {
        events.deallocate()
        Glibc.close(descriptor)
    }

    func add(_ socket: Int32, reading: Bool = true, writing: Bool = false) {
        control(EPOLL_CTL_ADD, socket, reading, writing)
    }

    func change(_ socket: Int32, reading: Bool, writing: Bool) {
        control(EPOLL_CTL_MOD, socket, reading, writing)
    }

    private func control(_ operation: Int32, _ socket: Int32, _ reading: Bool, _ writing: Bool) {
        var event = epoll_event()
        event.events = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
        event.data.fd = socket
        _ = epoll_ctl(descriptor, operation, socket, &event)
    }

    /// Waits so many milliseconds at most, and calls for each socket with something to do.
    func wait(_ milliseconds: Int32, _ body: (_ socket: Int32, _ readable: Bool, _ writable: Bool) -> Void) {
        let count = epoll_wait(descriptor, events, Int32(Self.capacity), milliseconds)
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let event = events[index]
            let failed = EPOLLERR.rawValue | EPOLLHUP.rawValue
            body(
                event.data.fd, event.events & (EPOLLIN.rawValue | failed) != 0,
                event.events & (EPOLLOUT.rawValue | failed) != 0)
        }
    }
}
