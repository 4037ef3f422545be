import XMPP

@testable import SamepageServer

/// A link that notes what it is given.
final class FakeLink: Link {
    let domain: JID
    let serves: Configuration.Component.Service
    var status = LinkStatus(state: .up, since: 0)
    /// What it answers instead of taking a stanza.
    var refusal: LinkRefusal?
    private(set) var sent: [String] = []
    private(set) var kept: [String] = []

    init(_ domain: String, serves: Configuration.Component.Service) {
        self.domain = jid(domain)
        self.serves = serves
    }

    func send(_ stanza: StanzaBytes, to recipient: JID, head: Stanza?) -> LinkRefusal? {
        if let refusal { return refusal }
        sent.append(Self.text(stanza, recipient))
        return nil
    }

    func keep(_ stanza: StanzaBytes, to recipient: JID) { kept.append(Self.text(stanza, recipient)) }

    func stop() {}

    func takeSent() -> [String] {
        defer { sent = [] }
        return sent
    }

    private static func text(_ stanza: StanzaBytes, _ recipient: JID) -> String {
        var bytes: [UInt8] = []
        stanza.append(to: .init(recipient), in: .stream, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A visitor's session that notes what it is given.
final class FakeSession: ClientSession {
    let jid: JID?
    private(set) var received: [String] = []
    private(set) var ending: StreamError?

    init(_ jid: JID) {
        self.jid = jid
    }

    func deliver(_ stanza: StanzaBytes) {
        var bytes: [UInt8] = []
        stanza.append(to: .init(nil), in: .stream, into: &bytes)
        received.append(String(decoding: bytes, as: UTF8.self))
    }

    func end(with error: StreamError) { ending = error }

    func take() -> [String] {
        defer { received = [] }
        return received
    }
}
