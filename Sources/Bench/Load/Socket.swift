import CLinux
import Glibc

/// Who hears of a socket.
protocol SocketOwner: AnyObject {
    func connected()
    /// What came, behind what was left over the last time. Returns how much of it was used up.
    func received(_ bytes: UnsafeRawBufferPointer) -> Int
    func disconnected(_ reason: String)
}

/// A TCP connection of a client to loopback, with TLS if wanted; never waits.
final class Socket {
    let descriptor: Int32
    private let poller: Poller
    private weak var owner: (any SocketOwner)?
    private var tls: TLSSession?
    private var unread: [UInt8] = []
    private var unsent: [UInt8] = []
    private(set) var isOpen = true
    private var isConnected = false
    private var isReading = true

    init(port: UInt16, tls: TLSContext?, poller: Poller, owner: any SocketOwner) throws(BenchFailure) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket") }
        self.poller = poller
        self.owner = owner
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        guard Loopback.connect(descriptor, port) == 0 || errno == EINPROGRESS else {
            let failure = BenchFailure.system("connect")
            Glibc.close(descriptor)
            throw failure
        }
        self.tls = try tls.map { context throws(BenchFailure) in try TLSSession(context, descriptor) }
        poller.add(descriptor, writing: true)
    }

    deinit {
        close()
    }

    /// A client that does not read any more.
    func stopReading() {
        isReading = false
        updateInterest()
    }

    func send(_ bytes: [UInt8]) {
        guard isOpen else { return }
        guard isConnected, unsent.isEmpty else {
            unsent += bytes
            return
        }
        let written = bytes.withUnsafeBytes { write($0) }
        guard written < bytes.count, isOpen else { return }
        unsent += bytes[written...]
        updateInterest()
    }

    /// How much the kernel has not taken yet.
    var backlog: Int { unsent.count }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    /// What epoll told. `scratch` is for whoever reads just now.
    func ready(readable: Bool, writable: Bool, scratch: UnsafeMutableRawBufferPointer) {
        if !isConnected {
            guard establish() else { return }
        }
        if writable, isOpen, !unsent.isEmpty { flush() }
        if readable, isOpen, isReading { read(scratch) }
    }

    /// Goes on with connecting; true when it is done.
    private func establish() -> Bool {
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
        guard failure == 0 else {
            fail("connect: \(String(cString: strerror(failure)))")
            return false
        }
        if let tls {
            switch tls.handshake() {
            case .done: break
            case .wantsRead, .wantsWrite: return false
            case .failed(let reason):
                fail(reason)
                return false
            }
        }
        isConnected = true
        owner?.connected()
        if isOpen { flush() }
        return isOpen
    }

    private func flush() {
        let written = unsent.withUnsafeBytes { write($0) }
        guard isOpen else { return }
        unsent.removeFirst(written)
        updateInterest()
    }

    private func updateInterest() {
        poller.change(descriptor, reading: isReading, writing: !isConnected || !unsent.isEmpty)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count > 0 else { return 0 }
        let count =
            tls.map { $0.write(bytes) } ?? Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return count }
        guard errno == EAGAIN else {
            fail("send: \(String(cString: strerror(errno)))")
            return 0
        }
        return 0
    }

    private func read(_ scratch: UnsafeMutableRawBufferPointer) {
        repeat {
            let count =
                tls.map { $0.read(scratch) } ?? Glibc.recv(descriptor, scratch.baseAddress, scratch.count, 0)
            guard count > 0 else {
                if count == 0 { fail("the server closed the connection") }
                if count < 0, errno != EAGAIN { fail("recv: \(String(cString: strerror(errno)))") }
                return
            }
            take(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
            // What OpenSSL has decrypted already, epoll does not tell.
        } while isOpen && tls?.hasPending == true
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        if unread.isEmpty {
            let used = owner?.received(bytes) ?? bytes.count
            if used < bytes.count { unread = Array(bytes[used...]) }
        } else {
            unread += bytes
            let used = unread.withUnsafeBytes { owner?.received($0) ?? $0.count }
            unread.removeFirst(used)
        }
    }

    private func fail(_ reason: String) {
        guard isOpen else { return }
        close()
        owner?.disconnected(reason)
    }
}
