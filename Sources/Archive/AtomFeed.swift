import MUC
import XMPP

/// A room as a feed (RFC 4287): an entry for each message that has a body.
struct AtomFeed {
    private static let namespace = "http://www.w3.org/2005/Atom"
    /// Longest title of an entry, in bytes.
    private static let titleLength = 80

    let room: JID
    let state: RoomState

    /// The declaration, and the feed's start tag with what stands before the entries.
    var beginning: String {
        let open = feed.description
        return "<?xml version='1.0' encoding='UTF-8'?>\n" + open.dropLast(end.count - 1) + "\n"
    }

    let end = "</feed>\n"

    /// Nil for a message without words.
    func entry(_ message: ArchivedMessage) -> String? {
        guard message.kind == .spoken, let body = message.stanza.child("body", Namespace.client)?.text else {
            return nil
        }
        let time = DateTime.string(milliseconds: message.time)
        let title = body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let name = message.nick.isEmpty ? state.configuration.name : message.nick
        var content = element("content", text: body)
        content["type"] = "text"
        let entry = element(
            "entry",
            [
                element("id", text: "\(uri)?id=\(message.id)"),
                element("title", text: title.prefix(bytes: Self.titleLength)),
                element("updated", text: time), element("published", text: time),
                element("author", [element("name", text: name)]), content,
            ])
        var bytes: [UInt8] = []
        entry.serialize(into: &bytes, scope: Self.namespace)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private var feed: Element {
        let updated = DateTime.string(milliseconds: state.lastMessage ?? 0)
        var children = [
            element("id", text: uri), element("title", text: state.configuration.name),
            element("updated", text: updated),
        ]
        if let page = state.configuration.pageURL {
            children.append(Element("link", Self.namespace, ["rel": "related", "href": page]))
        }
        return element("feed", children)
    }

    private var uri: String { "xmpp:\(Self.escaped(room.description))" }

    private func element(_ name: String, text: String) -> Element { Element(name, Self.namespace, text: text) }

    private func element(_ name: String, _ children: [Element]) -> Element { Element(name, Self.namespace, children) }

    /// RFC 5122 §2.2: what is none of a URI's own characters, in percent.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "@"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return result
    }
}
