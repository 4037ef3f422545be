import XMPP

/// What somebody finds bad (XEP-0377 §4), read strictly.
struct Report {
    enum Reason: String {
        case spam = "urn:xmpp:reporting:spam"
        case abuse = "urn:xmpp:reporting:abuse"

        var word: String {
            switch self {
            case .spam: "spam"
            case .abuse: "abuse"
            }
        }
    }

    static let namespace = "urn:xmpp:reporting:1"

    let reason: Reason
    /// What the reporter says to it.
    let text: String?
    /// Stanza-ids by the room (XEP-0359).
    let ids: [String]

    init(_ element: Element, room: JID, _ limits: MUCLimits) throws(StanzaError) {
        guard let reason = element["reason"].flatMap(Reason.init) else {
            throw .badRequest("Is it spam or abuse?")
        }
        let texts = element.children.filter { $0.isNamed("text", Self.namespace) }
        let words = (texts.first?.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let ids = element.children.filter { $0.isNamed("stanza-id", Namespace.stanzaIDs) }
        guard ids.count <= limits.moderation.messagesPerReport else { throw .badRequest("Too many messages at once.") }
        var known: [String] = []
        for id in ids {
            guard id["by"].flatMap(JID.init) == room, let id = id["id"], id.utf8.count <= 64, !known.contains(id) else {
                throw .badRequest("Report messages of this room, each once.")
            }
            known.append(id)
        }
        guard !known.isEmpty else { throw .badRequest("Which message is it about?") }
        self.reason = reason
        self.text = words.isEmpty ? nil : words.prefix(bytes: limits.reasonLength)
        self.ids = known
    }

    func element(room: JID) -> Element {
        var element = Element("report", Self.namespace, ["reason": reason.rawValue])
        for id in ids {
            element.append(Element("stanza-id", Namespace.stanzaIDs, ["by": room.description, "id": id]))
        }
        if let text { element.append(Element("text", Self.namespace, text: text)) }
        return element
    }
}
