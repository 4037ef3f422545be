import Streams
import Testing
import XMPP

/// A conversation on the wire, as a script: `C:` is what the client sends, `S:` what the server must answer, in order.
///
/// The transport is memory. The other side of the server is played too: everybody may log in, as `visitor@localhost`,
/// every resource is free, and routed stanzas are noted in `routed`. In an expected line `*` stands for any text, so that
/// random ids do not matter.
struct Transcript {
    private var stream = WebSocketStream(domain: Fixture.domain)
    private let parser = StreamParser(mode: .document, limits: XMLLimits())
    private var sent: [String] = []
    private(set) var routed: [Stanza] = []
    private(set) var ending: StreamError??
    /// What the login answers instead of success.
    var loginFailure: SASLFailure?

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
            case .authenticate:
                if let loginFailure {
                    perform(stream.authenticationFailed(loginFailure))
                } else {
                    perform(stream.authenticated(as: Fixture.visitor))
                }
            case .bind(let resource):
                guard let jid = Fixture.visitor.with(resource: resource ?? "generated") else {
                    perform(stream.bindFailed(.badRequest()))
                    continue
                }
                perform(stream.bound(to: jid))
            case .route(let stanza): routed.append(stanza)
            case .close(let error): ending = .some(error)
            }
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

    private static func jid(_ text: String) -> JID {
        guard let jid = JID(text) else { preconditionFailure("\(text) is no JID") }
        return jid
    }

    static let opening = """
        C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>
        S: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='localhost' id='*' version='1.0' xml:lang='en'/>
        S: <features xmlns='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></features>
        """
    static let login =
        opening + "\n" + """
            C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>
            S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>
            C: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>
            S: <open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='localhost' id='*' version='1.0' xml:lang='en'/>
            S: <features xmlns='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></features>
            """
    static let bound =
        login + "\n" + """
            C: <iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>tab</resource></bind></iq>
            S: <iq xmlns='jabber:client' type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>visitor@localhost/tab</jid></bind></iq>
            """
}
