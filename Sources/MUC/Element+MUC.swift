import XMPP

extension Element {
    /// `<status code='…'/>` of XEP-0045 §15.6.
    static func status(_ code: StatusCode) -> Element {
        Element("status", Namespace.mucUser, ["code": String(code.rawValue)])
    }

    /// `<delay/>` (XEP-0203), said by the room.
    static func delay(by room: JID, at milliseconds: Int64) -> Element {
        Element(
            "delay", Namespace.delay, ["from": room.description, "stamp": DateTime.string(milliseconds: milliseconds)])
    }

    /// Bytes that the element takes on the wire, roughly: names, values and text without escapes and end tags.
    package var footprint: Int {
        var size = name.utf8.count + namespace.utf8.count + 8
        for attribute in attributes { size += attribute.name.utf8.count + attribute.value.utf8.count + 4 }
        for node in nodes {
            switch node {
            case .element(let child): size += child.footprint
            case .text(let text): size += text.utf8.count
            }
        }
        return size
    }
}

extension Stanza {
    /// Like `Element.footprint`.
    package var footprint: Int {
        var size = 64
        for jid in [from, to] { size += jid?.description.utf8.count ?? 0 }
        for text in [id, type, lang] { size += text?.utf8.count ?? 0 }
        for attribute in otherAttributes { size += attribute.name.utf8.count + attribute.value.utf8.count + 4 }
        for child in payload { size += child.footprint }
        return size
    }

    func hasChild(_ name: String) -> Bool {
        payload.contains { $0.isNamed(name, Namespace.client) }
    }
}
