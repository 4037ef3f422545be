import CLibWebSockets

/// What the owner of a connection is told. All calls come on the loop; none of them nests inside `send`.
@EventLoop
package protocol ConnectionHandler: AnyObject {
    /// Bytes as they came, valid during the call only.
    func received(_ bytes: Span<UInt8>, on connection: Connection)
    /// Everything that was queued has gone to the kernel.
    func drained(_ connection: Connection)
    /// The TLS handshake that `startTLS` began is over, and the peer is who it should be.
    func secured(_ connection: Connection)
    /// The connection is over, for whatever reason: nothing is received any more, and what was to be sent is with the
    /// kernel or lost. Called once, last.
    func closed(_ connection: Connection)
}

extension ConnectionHandler {
    package func drained(_ connection: Connection) {}
    package func secured(_ connection: Connection) {}
}

/// One TCP (or TLS) connection, accepted by a `Listener` or made by a `Connector`.
///
/// Output is queued and leaves with one write at the end of the loop's turn. The queue is bounded: what does not fit
/// closes this connection, since its peer does not read, and no other.
@EventLoop
package final class Connection {
    /// How much one write is given. With TLS lws copies what the kernel does not take, so this bounds its copy too.
    private static let writeSize = 65_536
    /// After `close`, how long the peer may take to read some of the rest, in milliseconds.
    private static let drainTime: Int64 = 5_000
    /// After our end of the connection, how long we wait for the peer's, in milliseconds.
    private static let lingerTime: Int64 = 2_000
    /// Connections that wait like this.
    static private(set) var lingering = 0
    /// Bytes of all connections since the start, as TLS of the listener leaves and finds them.
    package static private(set) var receivedBytes: UInt64 = 0
    package static private(set) var sentBytes: UInt64 = 0
    /// Sockets that are open, accepted or made.
    package static private(set) var open = 0

    package enum CloseReason: Sendable {
        case peer, local, overflow
    }

    /// Lives at least as long as the socket, unless another takes its place. No weak reference, here or in the timers of a
    /// connection and its handler: one alone puts the counts of an object into a side table, and every delivery pays.
    package var handler: (any ConnectionHandler)?
    /// The peer's address as text, without a port; empty when unknown.
    package let peerAddress: String
    package private(set) var closeReason = CloseReason.peer

    /// Nil once lws has destroyed it.
    private var wsi: OpaquePointer?
    /// The socket of a connection without lws's TLS, which we write to ourselves; nil for one with it.
    private let plainSocket: Int32?
    private var queue: OutboundQueue
    private var isDirty = false
    private var isClosing = false
    private var isAborted = false
    private var isLingering = false
    private var hasReceived = false
    private var isReadingHeld = false
    /// Whether lws holds bytes that the kernel did not take.
    private var isStuffed = false
    /// The end of what `close` began.
    private var closeTimer: LoopTimer?
    private var pauseTimer: LoopTimer?
    /// TLS of our own above the socket, where we are the client; lws does that of accepted connections.
    private var tls: TLSClient?
    private var hasToldSecured = false
    /// Why TLS ended the connection.
    package private(set) var tlsFailure: TLSClient.Failure?

    init(wsi: OpaquePointer, queueLimit: Int) {
        self.wsi = wsi
        Self.open += 1
        plainSocket = lws_get_ssl(wsi) == nil ? lws_get_socket_fd(wsi) : nil
        queue = OutboundQueue(limit: queueLimit)
        var buffer = [CChar](repeating: 0, count: 64)
        if lws_get_peer_simple(wsi, &buffer, buffer.count) != nil {
            peerAddress = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        } else {
            peerAddress = ""
        }
    }

    /// Gives the connection its handler.
    package func own(_ handler: any ConnectionHandler) { self.handler = handler }

    /// Whether output is still accepted.
    package var isOpen: Bool { wsi != nil && !isClosing }

    /// Bytes that wait for the peer.
    package var queuedBytes: Int { queue.count + (tls?.pending ?? 0) }

    /// Whether so many bytes can be sent without an overflow.
    package func hasRoom(for count: Int) -> Bool {
        guard let pending = tls?.pending, pending > 0 else { return queue.hasRoom(for: count) }
        return count <= queue.limit - queue.count - pending
    }

    /// Appends `count` bytes, written by `body` straight into the queue, to what this turn sends.
    ///
    /// Does nothing on a closing connection. An empty queue takes any amount, for a response is as large as it is. When
    /// the queue has no room, the connection is closed with `closeReason == .overflow`.
    package func send(count: Int, _ body: (inout [UInt8]) -> Void) {
        guard isOpen else { return }
        guard hasRoom(for: count) else { return abort(.overflow) }
        if let tls {
            tls.write(body)
        } else {
            if queue.needsBuffer { queue.use(SpareBuffers.take(), for: count) }
            queue.append(body)
        }
        markDirty()
    }

    package func send(_ bytes: [UInt8]) {
        send(count: bytes.count) { $0.append(contentsOf: bytes) }
    }

    /// Begins TLS as the client; `secured` tells when it is established. What is sent until then waits for it.
    package func startTLS(_ client: TLSClient) {
        guard isOpen, tls == nil else { return }
        tls = client
        markDirty()
    }

    /// Sends what is queued, then closes. Nothing further is received or accepted for sending.
    package func close() {
        guard isOpen else { return }
        isClosing = true
        closeReason = .local
        kill(after: Self.drainTime)
        markDirty()
    }

    /// Closes at the end of this turn without waiting for the peer to read.
    package func abort(_ reason: CloseReason = .local) {
        guard wsi != nil, !isAborted else { return }
        isAborted = true
        isClosing = true
        closeReason = reason
        markDirty()
    }

    /// Reads nothing until `resumeReading()`; the peer has to wait (TCP flow control).
    package func holdReading() {
        guard isOpen else { return }
        isReadingHeld = true
        controlReading()
    }

    package func resumeReading() {
        guard isReadingHeld else { return }
        isReadingHeld = false
        controlReading()
    }

    private func controlReading() {
        guard let wsi else { return }
        lws_rx_flow_control(wsi, isReadingHeld || isStuffed ? 0 : 1)
    }

    /// lws reads nothing while it holds bytes that the kernel did not take, and yet goes on asking whether there is
    /// something to read: a peer that sends and never reads would make the loop spin.
    private func noteBuffered() {
        let isStuffed = wsi.map { lws_partial_buffered($0) != 0 } ?? false
        guard isStuffed != self.isStuffed else { return }
        self.isStuffed = isStuffed
        controlReading()
    }

    /// Reads nothing for so many milliseconds; the kernel's buffer fills up and the peer has to wait (TCP flow control).
    package func pauseReading(for time: Int64) {
        guard isOpen else { return }
        holdReading()
        let timer = pauseTimer ?? LoopTimer()
        pauseTimer = timer
        // Both hold each other until the time is up or the socket closed.
        timer.start(after: time) { [self] in
            pauseTimer = nil
            resumeReading()
        }
    }

    private func markDirty() {
        guard !isDirty else { return }
        isDirty = true
        EventLoop.dirty.append(self)
    }

    // MARK: - Called by the loop and by lws

    /// The kernel takes more.
    func writeable() { markDirty() }

    /// Writes what is queued, if the socket takes it; else waits for it to become writeable.
    func flush() {
        isDirty = false
        guard !isAborted else { return kill() }
        guard let wsi, seal() else { return }
        if !queue.isEmpty {
            // With TLS lws takes everything, and keeps what does not fit: until that is gone it is given no more.
            guard plainSocket != nil || lws_partial_buffered(wsi) == 0 else {
                lws_callback_on_writable(wsi)
                return
            }
            guard drainQueue(into: wsi) else { return }
            if isClosing { kill(after: Self.drainTime) }
        }
        if plainSocket == nil { noteBuffered() }
        guard queue.isEmpty, !isStuffed else {
            lws_callback_on_writable(wsi)
            return
        }
        SpareBuffers.give(queue.takeBuffer())
        if isClosing { linger() } else { handler?.drained(self) }
    }

    /// One write, of what the socket takes; whether the connection still lives.
    private func drainQueue(into wsi: OpaquePointer) -> Bool {
        let isAlive = queue.drain(maximum: Self.writeSize) { bytes in
            let written =
                plainSocket.map { samepage_send($0, bytes.baseAddress, bytes.count) }
                ?? Int(samepage_lws_write_raw(wsi, bytes.baseAddress, bytes.count))
            Self.sentBytes &+= UInt64(clamping: written)
            return written < 0 ? nil : min(written, bytes.count)
        }
        if !isAlive { abort(closeReason) }
        return isAlive
    }

    func receive(_ bytes: Span<UInt8>) {
        Self.receivedBytes &+= UInt64(clamping: bytes.count)
        guard !isClosing else { return }
        if !hasReceived, let wsi {
            // lws limits a TLS handshake to five seconds and leaves that limit on the connection. From the first byte on
            // the deadlines are the handler's.
            hasReceived = true
            lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
        }
        guard let tls else {
            handler?.received(bytes, on: self)
            return
        }
        receive(bytes, through: tls)
    }

    private func receive(_ bytes: Span<UInt8>, through tls: TLSClient) {
        let wasEstablished = tls.isEstablished
        do throws(TLSClient.Failure) {
            try tls.receive(bytes) { plaintext in
                // The first plaintext may come together with the end of the handshake.
                if !wasEstablished, !hasToldSecured { tellSecured() }
                guard !isClosing else { return }
                handler?.received(plaintext, on: self)
            }
        } catch {
            return failTLS(error)
        }
        if tls.isEstablished, !hasToldSecured { tellSecured() }
        if tls.isClosedByPeer { close() }
        // A handshake has answers of its own.
        markDirty()
    }

    private func tellSecured() {
        hasToldSecured = true
        handler?.secured(self)
    }

    /// Encrypts what was written; whether the connection still lives.
    private func seal() -> Bool {
        guard let tls else { return true }
        do throws(TLSClient.Failure) {
            var ciphertext: [UInt8] = []
            try tls.seal(into: &ciphertext, isLast: isClosing)
            if !ciphertext.isEmpty { queue.append { $0.append(contentsOf: ciphertext) } }
            return true
        } catch {
            failTLS(error)
            return false
        }
    }

    private func failTLS(_ error: TLSClient.Failure) {
        tlsFailure = error
        abort()
    }

    /// lws destroyed the socket.
    func socketClosed() {
        guard wsi != nil else { return }
        wsi = nil
        Self.open -= 1
        isClosing = true
        closeTimer?.cancel()
        closeTimer = nil
        pauseTimer?.cancel()
        pauseTimer = nil
        if isLingering { Self.lingering -= 1 }
        end()
    }

    /// Everything is sent: ends our side, and reads what still comes until the peer ends its own.
    ///
    /// To close at once would answer bytes that are still on their way with a reset, and a reset may destroy what the
    /// peer has not read yet (RFC 9112 §9.6).
    private func linger() {
        guard let wsi, !isLingering else { return }
        isLingering = true
        Self.lingering += 1
        samepage_lws_end_output(wsi)
        resumeReading()
        kill(after: Self.lingerTime)
        end()
    }

    /// Tells the handler, once.
    private func end() {
        let handler = handler
        self.handler = nil
        handler?.closed(self)
    }

    private func kill(after time: Int64) {
        let timer = closeTimer ?? LoopTimer()
        closeTimer = timer
        // The timer holds self strongly on purpose: it ends with the connection, and nobody else may hold it by then.
        timer.start(after: time) { self.kill() }
    }

    /// Closes the socket, now. Never inside a callback of lws, which goes on to use it; and not by one of its timeouts,
    /// which it looks at only when one of its sockets has something to do.
    private func kill() {
        guard let wsi else { return }
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC)
    }
}
