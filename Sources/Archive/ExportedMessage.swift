import Foundation
import MUC
import XMPP

/// A message as a line of JSON.
struct ExportedMessage: Encodable {
    let id: String
    /// RFC 3339.
    let time: String
    let kind: String
    var nick: String?
    var occupant: String?
    var jid: String?
    var body: String?
    var subject: String?
    /// All of it, as it was reflected.
    let stanza: String

    init(_ message: ArchivedMessage, showsAddress: Bool) {
        id = message.id.description
        time = DateTime.string(milliseconds: message.time)
        kind =
            switch message.kind {
            case .spoken: "message"
            case .subject: "subject"
            case .reference: "reference"
            case .tombstone: "retracted"
            }
        nick = message.nick.isEmpty ? nil : message.nick
        occupant = message.occupantID.isEmpty ? nil : message.occupantID
        jid = showsAddress ? message.person?.description : nil
        body = message.stanza.child("body", Namespace.client)?.text
        subject = message.stanza.child("subject", Namespace.client)?.text
        stanza = StanzaText.write(message.stanza)
    }

    var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }
}
