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
///     the room says 104 172        a change of its configuration
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
        if let end = user?.child("destroy", Namespace.mucUser) {
            line += " destroyed"
            if let jid = end["jid"] { line += " for \(jid)" }
            if let password = end.child("password", Namespace.mucUser)?.text { line += " with \(password)" }
            if let reason = end.child("reason", Namespace.mucUser)?.text { line += " because \(reason)" }
        }
        for name in ["show", "status"] {
            if let text = stanza.child(name, Namespace.client)?.text { line += " \(name) \(text)" }
        }
        return line
    }

    private static func message(_ stanza: Stanza) -> String {
        if stanza.type == nil || stanza.type == "normal", let line = notice(stanza) { return line }
        let isDelayed = stanza.child("delay", Namespace.delay) != nil
        let earlier = isDelayed ? " (earlier)" : ""
        guard stanza.type == "groupchat" else {
            return "\(who(stanza)) whispers: \(stanza.child("body", Namespace.client)?.text ?? "")"
        }
        if let body = stanza.child("body", Namespace.client) { return "\(who(stanza))\(earlier): \(body.text)" }
        if let subject = stanza.child("subject", Namespace.client) {
            return "\(who(stanza))\(earlier) sets the subject: \(subject.text)"
        }
        if stanza.from?.resource == nil, let user = stanza.child("x", Namespace.mucUser) {
            return "the room says" + user.children.compactMap { $0["code"] }.map { " \($0)" }.joined()
        }
        return "\(who(stanza))\(earlier) sends \(stanza.payload.first?.name ?? "nothing")"
    }

    /// What the room passes on besides messages.
    private static func notice(_ stanza: Stanza) -> String? {
        if let form = stanza.child("x", Namespace.dataForms) {
            let values = form.children.compactMap { $0.child("value", Namespace.dataForms)?.text }
            return "form " + values.dropFirst().joined(separator: " ")
        }
        guard let user = stanza.child("x", Namespace.mucUser) else { return nil }
        let password = user.child("password", Namespace.mucUser).map { " with \($0.text)" } ?? ""
        for name in ["invite", "decline"] {
            guard let child = user.child(name, Namespace.mucUser) else { continue }
            let reason = child.child("reason", Namespace.mucUser).map { " because \($0.text)" } ?? ""
            return "\(name) from \(child["from"] ?? "?")\(reason)\(password)"
        }
        return nil
    }

    private static func who(_ stanza: Stanza) -> String { stanza.from?.resource ?? "nobody" }
}
