/// XEP-0124 and XEP-0206: two connections, of which one waits for what comes.
final class BOSHClient: Client {
    private static let connections = 2

    private var channels: [BOSHChannel] = []
    private var sid = ""
    private var rid = 1_000_000
    private var outgoing: [UInt8] = []
    private var wantsRestart = false

    func connect(_ tls: TLSContext?) throws(BenchFailure) {
        for _ in 0..<Self.connections {
            let channel = BOSHChannel(self, tls)
            channels.append(channel)
            try channel.connect()
        }
    }

    /// Both connections are wanted: what each of them costs would otherwise be paid while something is measured.
    func channelConnected() {
        guard phase == .connecting else { return }
        if channels.count == Self.connections, channels.allSatisfy(\.isConnected) { transportReady() }
    }

    override func openStream() {
        wantsRestart = true
        pump()
    }

    override func send(stanza: [UInt8]) {
        outgoing += stanza
        pump()
    }

    override func close() {
        for channel in channels { channel.close() }
        channels = []
    }

    func answered(_ body: UnsafeRawBufferPointer) {
        if sid.isEmpty {
            sid = body.text(after: "sid='", before: "'") ?? body.text(after: "sid=\"", before: "\"") ?? ""
            if sid.isEmpty { return end("the server makes no session: \(body.excerpt)") }
        }
        take(body)
        if phase != .ended { pump() }
    }

    /// Sends what there is to send, and sees to it that one request waits at the server.
    private func pump() {
        guard let free = channels.first(where: { !$0.isWaiting }) else { return }
        let waiting = channels.count { $0.isWaiting }
        // While the session is made there is nothing else.
        if sid.isEmpty, waiting > 0 { return }
        guard wantsRestart || !outgoing.isEmpty || waiting == 0 else { return }
        free.post(nextBody())
    }

    private func nextBody() -> [UInt8] {
        rid += 1
        let namespaces = "xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh'"
        if sid.isEmpty {
            wantsRestart = false
            return Array(
                "<body rid='\(rid)' to='\(endpoint.domain)' ver='1.6' wait='60' hold='1' xml:lang='en' content='text/xml; charset=utf-8' xmpp:version='1.0' \(namespaces)/>"
                    .utf8)
        }
        if wantsRestart {
            wantsRestart = false
            return Array(
                "<body rid='\(rid)' sid='\(sid)' to='\(endpoint.domain)' xml:lang='en' xmpp:restart='true' \(namespaces)/>"
                    .utf8)
        }
        let content = outgoing
        outgoing = []
        return Array("<body rid='\(rid)' sid='\(sid)' xmlns='http://jabber.org/protocol/httpbind'>".utf8) + content
            + Array("</body>".utf8)
    }
}
