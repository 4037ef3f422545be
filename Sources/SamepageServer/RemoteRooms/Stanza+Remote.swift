import XMPP

extension Stanza {
    /// What an error says (RFC 6120 §8.3); nil when this is none. Conditions that nobody has defined are
    /// `undefined-condition`.
    var reportedError: StanzaError? {
        guard isError else { return nil }
        guard let error = child("error", Namespace.client) else { return StanzaError(.undefinedCondition) }
        let known = error.children.lazy.filter { $0.namespace == Namespace.stanzaErrors }
            .compactMap { StanzaError.Condition(rawValue: $0.name) }.first
        let text = error.child("text", Namespace.stanzaErrors)?.text
        return StanzaError(known ?? .undefinedCondition, error["type"].flatMap(StanzaError.Kind.init), text)
    }

    /// The id that a room has given the message (XEP-0359 §3).
    func stanzaID(by room: JID) -> String? {
        let element = payload.first {
            $0.isNamed("stanza-id", Namespace.stanzaIDs) && $0["by"].flatMap(JID.init) == room
        }
        return element?["id"]
    }

    var isGroupchat: Bool { kind == .message && type == "groupchat" }

    /// A change of the subject: a subject without a body (XEP-0045 §8.1).
    var isSubject: Bool {
        isGroupchat && child("subject", Namespace.client) != nil && child("body", Namespace.client) == nil
    }

    var isDelayed: Bool { child("delay", Namespace.delay) != nil }
}

extension StanzaError {
    /// Whether the same request may succeed in a moment, without anybody doing anything about it.
    var mayPass: Bool {
        switch condition {
        case .remoteServerTimeout, .remoteServerNotFound, .internalServerError, .recipientUnavailable: true
        default: kind == .wait
        }
    }

    static func remoteServerTimeout(_ text: String) -> Self { Self(.remoteServerTimeout, .wait, text) }
}
