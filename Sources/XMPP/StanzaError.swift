/// A stanza error (RFC 6120 §8.3): what a handler throws or returns to refuse one stanza.
package struct StanzaError: Error, Hashable, Sendable {
    /// RFC 6120 §8.3.2: what the sender may do about it.
    package enum Kind: String, Sendable {
        case auth, cancel, `continue`, modify, wait
    }

    /// RFC 6120 §8.3.3.
    package enum Condition: String, Sendable, CaseIterable {
        case badRequest = "bad-request"
        case conflict
        case featureNotImplemented = "feature-not-implemented"
        case forbidden
        case gone
        case internalServerError = "internal-server-error"
        case itemNotFound = "item-not-found"
        case jidMalformed = "jid-malformed"
        case notAcceptable = "not-acceptable"
        case notAllowed = "not-allowed"
        case notAuthorized = "not-authorized"
        case policyViolation = "policy-violation"
        case recipientUnavailable = "recipient-unavailable"
        case redirect
        case registrationRequired = "registration-required"
        case remoteServerNotFound = "remote-server-not-found"
        case remoteServerTimeout = "remote-server-timeout"
        case resourceConstraint = "resource-constraint"
        case serviceUnavailable = "service-unavailable"
        case subscriptionRequired = "subscription-required"
        case undefinedCondition = "undefined-condition"
        case unexpectedRequest = "unexpected-request"

        /// The type that RFC 6120 §8.3.3 recommends for the condition.
        package var defaultKind: Kind {
            switch self {
            case .badRequest, .jidMalformed, .notAcceptable, .policyViolation, .redirect: .modify
            case .forbidden, .notAuthorized, .registrationRequired, .subscriptionRequired: .auth
            case .recipientUnavailable, .remoteServerTimeout, .resourceConstraint, .unexpectedRequest: .wait
            default: .cancel
            }
        }
    }

    package var kind: Kind
    package var condition: Condition
    /// For a person to read: what happened and what to do.
    package var text: String?
    /// For programs: the condition of the protocol that was broken (RFC 6120 §8.3.4).
    package var detail: Element?

    package init(_ condition: Condition, _ kind: Kind? = nil, _ text: String? = nil) {
        self.condition = condition
        self.kind = kind ?? condition.defaultKind
        self.text = text
    }

    package static func badRequest(_ text: String? = nil) -> Self { Self(.badRequest, nil, text) }
    package static func conflict(_ text: String? = nil) -> Self { Self(.conflict, nil, text) }
    package static func forbidden(_ text: String? = nil) -> Self { Self(.forbidden, nil, text) }
    package static func itemNotFound(_ text: String? = nil) -> Self { Self(.itemNotFound, nil, text) }
    package static func jidMalformed(_ text: String? = nil) -> Self { Self(.jidMalformed, nil, text) }
    package static func notAcceptable(_ text: String? = nil) -> Self { Self(.notAcceptable, nil, text) }
    package static func notAllowed(_ text: String? = nil) -> Self { Self(.notAllowed, nil, text) }
    package static func notAuthorized(_ text: String? = nil) -> Self { Self(.notAuthorized, nil, text) }
    package static func policyViolation(_ text: String? = nil) -> Self { Self(.policyViolation, .wait, text) }
    package static func resourceConstraint(_ text: String? = nil) -> Self { Self(.resourceConstraint, nil, text) }
    package static func serviceUnavailable(_ text: String? = nil) -> Self { Self(.serviceUnavailable, nil, text) }

    /// `<error type=… by=…><condition/><text/></error>` in the namespace of the stanza. `by` names who refused it.
    package func element(by: JID? = nil) -> Element {
        var error = Element("error", Namespace.client, ["type": kind.rawValue, "by": by?.description])
        error.append(Element(condition.rawValue, Namespace.stanzaErrors))
        if let text { error.append(Element("text", Namespace.stanzaErrors, text: text)) }
        if let detail { error.append(detail) }
        return error
    }

    /// The same with a condition of another protocol.
    package func because(_ condition: String, _ namespace: String) -> Self {
        var error = self
        error.detail = Element(condition, namespace)
        return error
    }
}
