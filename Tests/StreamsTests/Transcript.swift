import Streams
import Testing
import XMPP

/// A conversation on the wire, as a script: `C:` is what the client sends, `S:` what the server must answer, in order.
///
/// The transport is memory. The other side of the server is played too: everybody may log in, as `visitor@localhost`,
/// every resource is free, `former` is the one session to come back to, and routed stanzas are noted in `routed`. In an
/// expected line `*` stands for any text, so that
/// random ids do not matter.
struct Transcript {
    private var stream = WebSocketStream(domain: Fixture.domain)
    private let parser = StreamParser(mode: .document, limits: XMLLimits())
    private var sent: [String] = []
    private(set) var routed: [Stanza] = []
    private(set) var ending: StreamError??
    /// What the login answers instead of success.
    var loginFailure: SASLFailure?
    /// What binding answers instead of an address.
    var bindFailure: StanzaError?
    private(set) var traces: [String] = []
    /// What the login says besides success.
    var extensions: [Element] = []
    /// A session that can be resumed as `former`, and then the one that is managed.
    var management: StreamManagement?
    /// What is known of a session that is over.
    var formerHandled: UInt32?
    private(set) var enabled: [StreamManagement.EnableRequest] = []

    var hasEnded: Bool { ending != nil }
    var unread: [String] { sent }

    mutating func play(_ script: String, _ location: SourceLocation = #_sourceLocation) {
        for line in script.split(separator: "\n") {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("C:") {
                #expect(sent.isEmpty, "not expected: \(sent.first ?? "")", sourceLocation: location)
                sent = []
                say(String(line.dropFirst("C: ".count)))
            } else if line.hasPrefix("S:") {
                expect(String(line.dropFirst("S: ".count)), location)
            }
        }
        #expect(sent.isEmpty, "not expected: \(sent.first ?? "")", sourceLocation: location)
        sent = []
    }

    mutating func say(_ text: String) {
        perform(stream.received(Array(text.utf8).span, parser: parser))
    }

    mutating func end(with error: StreamError) { perform(stream.end(with: error)) }

    private mutating func perform(_ actions: [WebSocketStream.Action]) {
        for action in actions {
            switch action {
            case .send(let text): sent.append(String(decoding: text, as: UTF8.self))
            case .authenticate(.anonymous(let trace)):
                traces.append(trace)
                if let loginFailure {
                    perform(stream.authenticationFailed(loginFailure))
                } else {
                    perform(stream.authenticated(as: Fixture.visitor, extensions: extensions))
                }
            case .bind(let resource):
                if let bindFailure {
                    perform(stream.bindFailed(bindFailure))
                    continue
                }
                guard let jid = Fixture.visitor.with(resource: resource ?? "generated") else {
                    perform(stream.bindFailed(.badRequest()))
                    continue
                }
                perform(stream.bound(to: jid))
            case .route(let stanza):
                routed.append(stanza)
                management?.handle()
            case .refuse(let reply):
                if let reply { deliver(reply) }
                management?.handle()
            case .enable(let request):
                enabled.append(request)
                management = StreamManagement(recipient: StanzaBytes.Recipient(nil))
                perform(stream.enabled(request.isResumable ? .init(id: "former", window: 300) : nil))
            case .resume(let request): resume(request)
            case .acknowledged(let count):
                guard management?.acknowledge(count) == .tooHigh, let sent = management?.sent else { continue }
                end(with: StreamManagement.countTooHigh(count, sent: sent))
            case .acknowledge:
                sent.append(StreamManagement.answer(management?.handled ?? 0).description)
            case .close(let error): ending = .some(error)
            }
        }
    }

    /// Sends a stanza to the client.
    mutating func deliver(_ stanza: Stanza) {
        let bytes = StanzaBytes(stanza)
        _ = management?.append(bytes, isConnected: true)
        send(bytes)
    }

    private mutating func send(_ stanza: StanzaBytes) {
        var bytes: [UInt8] = []
        stanza.append(to: StanzaBytes.Recipient(nil), into: &bytes)
        sent.append(String(decoding: bytes, as: UTF8.self))
    }

    private mutating func resume(_ request: StreamManagement.ResumeRequest) {
        guard request.id == "former", let handled = management?.handled else {
            return perform(stream.resumptionFailed(handled: formerHandled))
        }
        switch management?.acknowledge(request.handled) {
        case .accepted:
            perform(stream.resumed(as: Fixture.session, handled: handled))
            var again: [StanzaBytes] = []
            management?.resume { again.append($0) }
            for stanza in again { send(stanza) }
        case .tooHigh: end(with: StreamManagement.countTooHigh(request.handled, sent: management?.sent ?? 0))
        case .stale, nil: perform(stream.resumptionFailed(handled: handled))
        }
    }

    private mutating func expect(_ pattern: String, _ location: SourceLocation) {
        guard !sent.isEmpty else {
            Issue.record("nothing came, expected \(pattern)", sourceLocation: location)
            return
        }
        let text = sent.removeFirst()
        #expect(Self.matches(pattern, text), "expected \(pattern), got \(text)", sourceLocation: location)
    }

    /// `*` matches any text, also none.
    private static func matches(_ pattern: String, _ text: String) -> Bool {
        var rest = text[...]
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() where !part.isEmpty {
            if index == 0 {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if index == parts.count - 1 {
                return rest.hasSuffix(part)
            } else {
                guard let range = rest.firstRange(of: part) else { return false }
                rest = rest[range.upperBound...]
            }
        }
        return parts.last?.isEmpty == true || rest.isEmpty
    }
}

enum Fixture {
    static let domain = jid("localhost")
    static let visitor = jid("visitor@localhost")
    static let session = jid("visitor@localhost/tab")

    private static func jid(_ text: String) -> JID {
        guard let jid = JID(text) else { preconditionFailure("\(text) is no JID") }
        return jid
    }

    static let opening = """
        C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>
        S: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='localhost' id='*' version='1.0' xml:lang='en'/>
        S: <features xmlns='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms><authentication xmlns='urn:xmpp:sasl:2'><mechanism>ANONYMOUS</mechanism><inline><sm xmlns='urn:xmpp:sm:3'/><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:sm:3'/></inline></bind></inline></authentication></features>
        """
    static let login =
        opening + "\n" + """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>
            S: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='localhost' id='*' version='1.0' xml:lang='en'/>
            S: <features xmlns='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></features>
            """
    static let bound =
        login + "\n" + """
            C: <iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>tab</resource></bind></iq>
            S: <iq xmlns='jabber:client' type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>visitor@localhost/tab</jid></bind></iq>
            """
}
