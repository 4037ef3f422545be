/// A client of a server: authenticates, binds, joins a room, speaks, and counts what it hears. What carries its stanzas is a
/// subclass's.
///
/// Once it is in, no stanza is parsed: it is looked at for a few bytes, so that the generator needs less than the server.
class Client {
    enum Phase: Int, Comparable {
        case connecting
        case opening
        case authenticating
        case reopening
        case binding
        case bound
        case joining
        case joined
        case ended

        static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    /// Begins the body of what is counted; the number follows, in so many digits.
    static let marker: StaticString = "@@"
    static let digits = 10

    let number: Int
    let endpoint: Endpoint
    unowned let generator: Generator
    private(set) var phase = Phase.connecting
    private(set) var address = ""
    private(set) var room = ""
    /// What it was told so far.
    private(set) var deliveries = 0
    private(set) var presences = 0
    /// That it was disconnected is what is wanted.
    var mayEnd = false
    /// Whether scenarios count what it hears.
    var isCounted = true

    init(_ number: Int, _ endpoint: Endpoint, _ generator: Generator) {
        self.number = number
        self.endpoint = endpoint
        self.generator = generator
    }

    // MARK: What a transport does

    func openStream() {}
    func send(stanza: [UInt8]) {}
    func stopReading() {}
    func close() {}
    /// Bytes that wait to be sent.
    var backlog: Int { 0 }

    // MARK: What a scenario wants

    final func join(_ room: String) {
        self.room = room
        phase = .joining
        send(
            stanza: Array(
                "<presence xmlns='jabber:client' to='\(room)/n\(number)'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
                    .utf8))
    }

    final func say(_ sequence: Int, _ words: String = Client.words) {
        let digits = String(sequence)
        let padded = String(repeating: "0", count: max(0, Self.digits - digits.utf8.count)) + digits
        send(
            stanza: Array(
                "<message xmlns='jabber:client' to='\(room)' type='groupchat' id='\(padded)'><body>\(Self.marker)\(padded) \(words)</body></message>"
                    .utf8))
    }

    /// Says something that nobody counts.
    final func shout() {
        send(
            stanza: Array(
                "<message xmlns='jabber:client' to='\(room)' type='groupchat'><body>look at me \(Self.words)</body></message>"
                    .utf8))
    }

    /// Asks the room for what takes more bytes to answer than to ask.
    final func ask() {
        send(
            stanza: Array(
                "<iq xmlns='jabber:client' to='\(room)' type='get' id='a'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
                    .utf8))
    }

    /// A line as people write it.
    static let words = "what does the second table on this page say about prices?"

    final func end(_ reason: String) {
        guard phase != .ended else { return }
        let phase = phase
        self.phase = .ended
        close()
        if !mayEnd { generator.failed("client \(number), \(phase): \(reason)") }
    }

    // MARK: What a transport hears

    /// The transport is ready for a stream.
    final func transportReady() {
        switch endpoint.dialect {
        case .xmpp:
            phase = .opening
            openStream()
        case .bare: becomeBound()
        }
    }

    /// A stanza, or some of them.
    @inline(__always)
    final func take(_ stanzas: UnsafeRawBufferPointer) {
        if phase >= .bound { count(stanzas) } else { logIn(stanzas) }
    }

    /// One frame of WebSocket, the way that is hot.
    @inline(__always)
    private func count(_ stanza: UnsafeRawBufferPointer) {
        if stanza.starts(with: "<message") {
            if let marker = stanza.index(of: Self.marker) {
                delivered(stanza, marker)
            } else if phase == .joining, stanza.contains("<subject") {
                becomeJoined()
            }
        } else if stanza.starts(with: "<presence") {
            presences &+= 1
            generator.presences &+= 1
            if phase == .joining { lookForRefusal(stanza) }
        } else {
            countMany(stanza)
        }
    }

    /// The body of a BOSH response, which may carry many.
    private func countMany(_ body: UnsafeRawBufferPointer) {
        guard body.starts(with: "<body") else {
            if body.starts(with: "<stream:error") || body.starts(with: "<close") { end(body.excerpt) }
            return
        }
        if body.contains("type='terminate'") || body.contains("type=\"terminate\"") { return end(body.excerpt) }
        var offset = 0
        while let marker = body.index(of: Self.marker, from: offset) {
            delivered(body, marker)
            offset = marker + Self.digits
        }
        let count = body.count(of: "<presence")
        presences += count
        generator.presences += count
        if phase == .joining {
            lookForRefusal(body)
            if body.contains("<subject") { becomeJoined() }
        }
    }

    @inline(__always)
    private func delivered(_ stanza: UnsafeRawBufferPointer, _ marker: Int) {
        let start = marker + Self.marker.utf8CodeUnitCount
        guard start + Self.digits <= stanza.count else { return }
        var sequence = 0
        for index in start..<(start + Self.digits) { sequence = sequence &* 10 &+ Int(stanza[index] & 0x0F) }
        deliveries &+= 1
        generator.delivered(self, sequence)
    }

    private func lookForRefusal(_ stanza: UnsafeRawBufferPointer) {
        if stanza.contains("type='error'") || stanza.contains("type=\"error\"") {
            end("the room refuses: \(stanza.excerpt)")
        }
    }

    /// RFC 6120 §6 and §7, as much of it as it takes.
    private func logIn(_ stanza: UnsafeRawBufferPointer) {
        if stanza.contains("<failure") || stanza.contains("stream:error") || stanza.contains("type='terminate'")
            || stanza.contains("type=\"terminate\"") || stanza.starts(with: "<close")
        {
            return end("the server refuses: \(stanza.excerpt)")
        }
        switch phase {
        case .opening where stanza.contains("<mechanism"):
            guard stanza.contains(">ANONYMOUS<") else {
                return end("the server has no SASL ANONYMOUS: \(stanza.excerpt)")
            }
            phase = .authenticating
            send(stanza: Array("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>".utf8))
        case .authenticating where stanza.contains("<challenge"):
            send(stanza: Array("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>".utf8))
        case .authenticating where stanza.contains("<success"):
            phase = .reopening
            openStream()
        case .reopening where stanza.contains("urn:ietf:params:xml:ns:xmpp-bind"):
            phase = .binding
            send(
                stanza: Array(
                    "<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
                        .utf8))
        case .binding where stanza.contains("<iq"):
            guard let address = stanza.text(after: "<jid>", before: "</jid>") else {
                return end("the server does not bind: \(stanza.excerpt)")
            }
            self.address = address
            becomeBound()
        default: break
        }
    }

    private func becomeBound() {
        phase = .bound
        generator.bound += 1
    }

    private func becomeJoined() {
        phase = .joined
        generator.joined += 1
    }
}
