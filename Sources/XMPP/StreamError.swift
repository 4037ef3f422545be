/// A stream error (RFC 6120 §4.9): ends the stream it is sent on.
package struct StreamError: Error, Hashable, Sendable {
    /// RFC 6120 §4.9.3.
    package enum Condition: String, Sendable, CaseIterable {
        case badFormat = "bad-format"
        case badNamespacePrefix = "bad-namespace-prefix"
        case conflict
        case connectionTimeout = "connection-timeout"
        case hostGone = "host-gone"
        case hostUnknown = "host-unknown"
        case improperAddressing = "improper-addressing"
        case internalServerError = "internal-server-error"
        case invalidFrom = "invalid-from"
        case invalidNamespace = "invalid-namespace"
        case invalidXML = "invalid-xml"
        case notAuthorized = "not-authorized"
        case notWellFormed = "not-well-formed"
        case policyViolation = "policy-violation"
        case remoteConnectionFailed = "remote-connection-failed"
        case reset
        case resourceConstraint = "resource-constraint"
        case restrictedXML = "restricted-xml"
        case seeOtherHost = "see-other-host"
        case systemShutdown = "system-shutdown"
        case undefinedCondition = "undefined-condition"
        case unsupportedEncoding = "unsupported-encoding"
        case unsupportedFeature = "unsupported-feature"
        case unsupportedStanzaType = "unsupported-stanza-type"
        case unsupportedVersion = "unsupported-version"
    }

    package var condition: Condition
    /// For a person to read.
    package var text: String?
    /// Says more than the condition, in a namespace of its own (RFC 6120 §4.9.4).
    package var detail: Element?

    package init(_ condition: Condition, _ text: String? = nil, detail: Element? = nil) {
        self.condition = condition
        self.text = text
        self.detail = detail
    }

    /// Reads a peer's `<stream:error>`; a condition that RFC 6120 does not know becomes `undefined-condition`.
    package init(reading element: Element) {
        let children = element.children.filter { $0.namespace == Namespace.streamErrors }
        condition = children.lazy.compactMap { Condition(rawValue: $0.name) }.first ?? .undefinedCondition
        text = children.first { $0.name == "text" }?.text
    }

    /// `<stream:error>` in the streams namespace.
    package var element: Element {
        var error = Element("error", Namespace.streams, [Element(condition.rawValue, Namespace.streamErrors)])
        if let text { error.append(Element("text", Namespace.streamErrors, text: text)) }
        if let detail { error.append(detail) }
        return error
    }
}
