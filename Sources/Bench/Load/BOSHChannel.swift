/// One of the connections of a BOSH client: at most one request at a time.
final class BOSHChannel: SocketOwner {
    private unowned let client: BOSHClient
    private let tls: TLSContext?
    private var socket: Socket?
    private(set) var isConnected = false
    /// Whether a request waits for its answer.
    private(set) var isWaiting = false

    init(_ client: BOSHClient, _ tls: TLSContext?) {
        self.client = client
        self.tls = tls
    }

    func connect() throws(BenchFailure) {
        let socket = try Socket(port: client.endpoint.port, tls: tls, poller: client.generator.poller, owner: self)
        self.socket = socket
        client.generator.watch(socket)
    }

    func post(_ body: [UInt8]) {
        let endpoint = client.endpoint
        isWaiting = true
        let head = """
            POST \(endpoint.boshPath) HTTP/1.1\r
            Host: localhost:\(endpoint.port)\r
            Content-Type: text/xml; charset=utf-8\r
            Content-Length: \(body.count)\r
            \r\n
            """
        socket?.send(Array(head.utf8) + body)
    }

    func close() {
        if let socket { client.generator.forget(socket) }
        socket?.close()
        socket = nil
    }

    func connected() {
        isConnected = true
        client.channelConnected()
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        do throws(BenchFailure) {
            while socket != nil, let answer = try HTTPAnswer.next(in: bytes, from: offset) {
                offset = answer.body.upperBound
                isWaiting = false
                client.answered(UnsafeRawBufferPointer(rebasing: bytes[answer.body]))
            }
        } catch {
            client.end(error.description)
            return bytes.count
        }
        return offset
    }

    /// A server may close what nobody has used for a while.
    func disconnected(_ reason: String) {
        close()
        guard isConnected, !isWaiting else { return client.end(reason) }
        do throws(BenchFailure) { try connect() } catch { client.end(error.description) }
    }
}
