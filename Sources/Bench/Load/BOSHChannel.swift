/// One of the connections of a BOSH client: at most one request at a time.
final class BOSHChannel: SocketOwner {
    private unowned let client: BOSHClient
    private var socket: Socket?
    private(set) var isConnected = false
    /// Whether a request waits for its answer.
    private(set) var isWaiting = false

    init(_ client: BOSHClient) {
        self.client = client
    }

    func connect(_ endpoint: Endpoint, _ tls: TLSContext?, _ generator: Generator) throws(BenchFailure) {
        let socket = try Socket(port: endpoint.port, tls: tls, poller: generator.poller, owner: self)
        self.socket = socket
        generator.watch(socket)
    }

    func post(_ body: [UInt8], _ endpoint: Endpoint) {
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

    func close(_ generator: Generator) {
        if let socket { generator.forget(socket) }
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

    func disconnected(_ reason: String) {
        client.end(reason)
    }
}
