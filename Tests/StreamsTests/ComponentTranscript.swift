import Streams
import Testing
import XMPP

/// A component stream on the wire, as a script: `C:` is what we must send, `S:` what the server says, in order.
struct ComponentTranscript {
    let stream: ComponentStream
    private var sent = ""
    private(set) var routed: [Stanza] = []
    private(set) var refused: [(head: Stanza?, error: StanzaError)] = []
    private(set) var established = 0
    private(set) var ending: ComponentStream.Ending?

    /// XEP-0114 §3 with the id of its example; the digest is that of `3BF96D32` and the secret `test`.
    static let opening = """
        C: <?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' to='rooms.example.org' xmlns:stream='http://etherx.jabber.org/streams'>
        S: <stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept' from='rooms.example.org' id='3BF96D32'>
        C: <handshake>\(digest)</handshake>
        """
    static let digest = "aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e"
    static let established = opening + "\nS: <handshake/>"

    init(limits: XMLLimits = XMLLimits()) {
        guard let domain = JID("rooms.example.org") else { preconditionFailure("a domain") }
        stream = ComponentStream(domain: domain, secret: "test", limits: limits)
    }

    /// Plays the script from the beginning of the stream.
    mutating func play(_ script: String, _ location: SourceLocation = #_sourceLocation) {
        perform(stream.start())
        for line in script.split(separator: "\n") {
            if line.hasPrefix("S: ") {
                #expect(sent == "", "not expected", sourceLocation: location)
                say(String(line.dropFirst(3)))
            } else if line.hasPrefix("C: ") {
                #expect(sent == line.dropFirst(3), sourceLocation: location)
                sent = ""
            }
        }
        #expect(sent == "", "not expected", sourceLocation: location)
    }

    /// Begins, whatever is sent for that.
    mutating func start() {
        perform(stream.start())
        sent = ""
    }

    mutating func say(_ text: String) { perform(stream.received(Array(text.utf8).span)) }

    mutating func end() { perform(stream.end()) }

    mutating func takeSent() -> String {
        defer { sent = "" }
        return sent
    }

    private mutating func perform(_ actions: [ComponentStream.Action]) {
        for action in actions {
            switch action {
            case .send(let bytes): sent += String(decoding: bytes, as: UTF8.self)
            case .established: established += 1
            case .route(let stanza): routed.append(stanza)
            case .routeCopy(let stanza, let recipient):
                var copy = stanza.stanza
                copy?.to = recipient
                if let copy { routed.append(copy) }
            case .refused(let head, let error): refused.append((head, error))
            case .close(let ending):
                #expect(self.ending == nil)
                self.ending = ending
            }
        }
    }
}
