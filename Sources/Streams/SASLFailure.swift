import XMPP

/// Why an authentication failed (RFC 6120 §6.5). The stream stays open for another attempt.
package struct SASLFailure: Error, Hashable, Sendable {
    /// RFC 6120 §6.5, those that can happen here.
    package enum Condition: String, Sendable, CaseIterable {
        case aborted
        case incorrectEncoding = "incorrect-encoding"
        case invalidMechanism = "invalid-mechanism"
        case malformedRequest = "malformed-request"
        case notAuthorized = "not-authorized"
        case temporaryAuthFailure = "temporary-auth-failure"
    }

    package var condition: Condition
    /// For a person to read.
    package var text: String?

    package init(_ condition: Condition, _ text: String? = nil) {
        self.condition = condition
        self.text = text
    }

    /// `<failure/>` in the namespace of SASL (RFC 6120 §6.5) or SASL2 (XEP-0388 §2.6.2), which has the same conditions.
    func element(_ namespace: String) -> Element {
        var failure = Element("failure", namespace, [Element(condition.rawValue, Namespace.sasl)])
        if let text { failure.append(Element("text", namespace, text: text)) }
        return failure
    }
}
