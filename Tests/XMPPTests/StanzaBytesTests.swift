import Testing
import XMPP

struct StanzaBytesTests {
    private let stanza = Stanza(
        .message, type: "chat", from: JID("a@b.example/'c'"),
        [Element("body", Namespace.client, text: "1 < 2"), Element("x", "urn:x", [Element("y", Namespace.client)])])

    private func text(_ recipient: JID?, _ place: StanzaBytes.Place) -> String {
        let bytes = StanzaBytes(stanza)
        let to = StanzaBytes.Recipient(recipient)
        var output: [UInt8] = []
        bytes.append(to: to, in: place, into: &output)
        #expect(output.count == bytes.count(to: to, in: place))
        return String(decoding: output, as: UTF8.self)
    }

    @Test func aDocumentOfItsOwnDeclaresItsNamespace() {
        #expect(
            text(JID("d@e.example"), .document)
                == "<message xmlns='jabber:client' to='d@e.example' from='a@b.example/&apos;c&apos;' type='chat'>"
                + "<body>1 &lt; 2</body><x xmlns='urn:x'><y xmlns='jabber:client'/></x></message>")
    }

    @Test func insideAStreamTheHeaderHasDeclaredIt() {
        #expect(
            text(JID("d@e.example"), .stream)
                == "<message to='d@e.example' from='a@b.example/&apos;c&apos;' type='chat'>"
                + "<body>1 &lt; 2</body><x xmlns='urn:x'><y xmlns='jabber:client'/></x></message>")
    }

    @Test func withoutARecipientThereIsNoTo() {
        #expect(text(nil, .stream).hasPrefix("<message from="))
    }
}
