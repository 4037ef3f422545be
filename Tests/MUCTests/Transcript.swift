import XMPP

@testable import MUC

/// Stanzas in a form that a test can spell out.
///
///     Romeo is here: none/participant 110 201 <romeo@verona.example/orchard>
///     Romeo is gone: none/none 303 now Montague
///     Romeo: wherefore?            a message to all
///     Romeo (earlier): but soft    with a delay by the room
///     Romeo whispers: love         a private message
///     Romeo sets the subject: …    nobody sets the subject:
///     presence error forbidden/auth
enum Transcript {
    static func line(_ stanza: Stanza) -> String {
        if let error = stanza.child("error", Namespace.client) {
            let condition = error.children.first?.name ?? "?"
            return "\(stanza.kind.rawValue) error \(condition)/\(error["type"] ?? "?")"
        }
        switch stanza.kind {
        case .presence: return presence(stanza)
        case .message: return message(stanza)
        case .iq: return "iq \(stanza.type ?? "?")" + (stanza.payload.first.map { " \($0.name)" } ?? "")
        }
    }

    private static func presence(_ stanza: Stanza) -> String {
        let user = stanza.child("x", Namespace.mucUser)
        let item = user?.child("item", Namespace.mucUser)
        var line = "\(who(stanza)) is \(stanza.type == "unavailable" ? "gone" : "here"): "
        line += "\(item?["affiliation"] ?? "?")/\(item?["role"] ?? "?")"
        for child in user?.children ?? [] where child.name == "status" { line += " \(child["code"] ?? "?")" }
        if let jid = item?["jid"] { line += " <\(jid)>" }
        if let nick = item?["nick"] { line += " now \(nick)" }
        if let actor = item?.child("actor", Namespace.mucUser)?["nick"] { line += " by \(actor)" }
        if let reason = item?.child("reason", Namespace.mucUser)?.text { line += " because \(reason)" }
        for name in ["show", "status"] {
            if let text = stanza.child(name, Namespace.client)?.text { line += " \(name) \(text)" }
        }
        return line
    }

    private static func message(_ stanza: Stanza) -> String {
        let isDelayed = stanza.child("delay", Namespace.delay) != nil
        let earlier = isDelayed ? " (earlier)" : ""
        guard stanza.type == "groupchat" else {
            return "\(who(stanza)) whispers: \(stanza.child("body", Namespace.client)?.text ?? "")"
        }
        if let body = stanza.child("body", Namespace.client) { return "\(who(stanza))\(earlier): \(body.text)" }
        if let subject = stanza.child("subject", Namespace.client) {
            return "\(who(stanza))\(earlier) sets the subject: \(subject.text)"
        }
        return "\(who(stanza))\(earlier) sends \(stanza.payload.first?.name ?? "nothing")"
    }

    private static func who(_ stanza: Stanza) -> String { stanza.from?.resource ?? "nobody" }
}
