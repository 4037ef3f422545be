/// RFC 7395: XMPP over WebSocket.
final class WebSocketClient: Client, SocketOwner {
    /// Its value does not matter: the answer is not verified.
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    private(set) var socket: Socket?
    private var isUpgraded = false

    func connect(_ tls: TLSContext?) throws(BenchFailure) -> Socket {
        let socket = try Socket(port: endpoint.port, tls: tls, poller: generator.poller, owner: self)
        self.socket = socket
        return socket
    }

    override func openStream() {
        send(
            stanza: Array(
                "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='\(endpoint.domain)' version='1.0'/>".utf8))
    }

    override func send(stanza: [UInt8]) {
        socket?.send(ClientFrame.make(.text, stanza))
    }

    override func stopReading() {
        socket?.stopReading()
    }

    override func close() {
        if let socket { generator.forget(socket) }
        socket?.close()
        socket = nil
    }

    override var backlog: Int { socket?.backlog ?? 0 }

    // MARK: SocketOwner

    func connected() {
        let head = """
            GET \(endpoint.webSocketPath) HTTP/1.1\r
            Host: localhost:\(endpoint.port)\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: \(Self.key)\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Protocol: xmpp\r
            \r\n
            """
        socket?.send(Array(head.utf8))
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        if !isUpgraded {
            guard let end = bytes.index(of: "\r\n\r\n") else { return 0 }
            guard bytes.starts(with: "HTTP/1.1 101") else {
                self.end("the server makes no WebSocket: \(bytes.excerpt)")
                return bytes.count
            }
            isUpgraded = true
            offset = end + 4
            transportReady()
        }
        do throws(BenchFailure) {
            while phase != .ended, let frame = try ServerFrame.next(in: bytes, from: offset) {
                offset = frame.payload.upperBound
                let payload = UnsafeRawBufferPointer(rebasing: bytes[frame.payload])
                switch frame.kind {
                case .text: take(payload)
                case .ping: socket?.send(ClientFrame.make(.pong, payload))
                case .close: end("the server closed the WebSocket")
                case .pong, .binary, .continuation: break
                }
            }
        } catch {
            end(error.description)
            return bytes.count
        }
        return offset
    }

    func disconnected(_ reason: String) {
        end(reason)
    }
}
