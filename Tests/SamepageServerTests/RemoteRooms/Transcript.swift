import XMPP

@testable import SamepageServer

/// Stanzas in a form that a test can spell out.
///
///     Romeo is here 110 · Romeo is gone 303 · Romeo: but soft · Romeo (earlier): but soft · subject: love
///     link down · presence error conflict/cancel · iq result
enum Transcript {
    /// Nil for presence of the room itself.
    static func line(_ stanza: Stanza) -> String? {
        if let error = stanza.reportedError {
            return "\(stanza.kind.rawValue) error \(error.condition.rawValue)/\(error.kind.rawValue)"
        }
        let who = stanza.from?.resource
        switch stanza.kind {
        case .iq: return "iq \(stanza.type ?? "")"
        case .presence:
            guard let who else { return nil }
            let codes = MUCPresence(stanza).statuses.sorted().map { " \($0)" }.joined()
            return "\(who) is \(stanza.type == nil ? "here" : "gone")\(codes)"
        case .message:
            if let state = stanza.child("x", Namespace.link)?["state"] { return "link \(state)" }
            if stanza.isSubject { return "subject: \(stanza.child("subject", Namespace.client)?.text ?? "")" }
            let body = stanza.child("body", Namespace.client)?.text ?? "<\(stanza.payload.first?.name ?? "")>"
            return "\(who ?? "the room")\(stanza.isDelayed ? " (earlier)" : ""): \(body)"
        }
    }

    /// What the service received: `keeper: presence`, `romeo: message error`, ….
    static func request(_ stanza: Stanza) -> String {
        let who = stanza.from?.resource == "keeper" ? "keeper" : stanza.from?.localpart ?? ""
        var line = "\(who): \(stanza.kind.rawValue)"
        if let type = stanza.type { line += " \(type)" }
        if stanza.kind == .iq, let payload = stanza.payload.first {
            line += " \(payload.namespace.split(separator: "/").last ?? "")"
        }
        if stanza.kind == .presence, let nick = stanza.to?.resource { line += " \(nick)" }
        return line
    }
}
