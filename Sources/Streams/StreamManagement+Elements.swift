import XMPP

/// The elements of XEP-0198.
extension StreamManagement {
    /// `<r/>`, ready to be sent.
    package static let request = Element("r", Namespace.management).serialized

    package static func answer(_ handled: UInt32) -> Element {
        Element("a", Namespace.management, ["h": "\(handled)"])
    }

    static func resumed(_ id: String, handled: UInt32) -> Element {
        Element("resumed", Namespace.management, ["previd": id, "h": "\(handled)"])
    }

    /// - Parameter handled: what is still known of a session that has timed out.
    static func failed(_ condition: StanzaError.Condition, handled: UInt32? = nil) -> Element {
        Element(
            "failed", Namespace.management, ["h": handled.map { "\($0)" }],
            [Element(condition.rawValue, Namespace.stanzaErrors)])
    }

    /// §6: the client acknowledges what it was never sent.
    package static func countTooHigh(_ h: UInt32, sent: UInt32) -> StreamError {
        StreamError(
            .undefinedCondition, "You acknowledged \(h) stanzas, but only \(sent) were sent so far.",
            detail: Element(
                "handled-count-too-high", Namespace.management, ["h": "\(h)", "send-count": "\(sent)"]))
    }

    /// An `xs:unsignedInt`: digits, nothing else.
    static func count(_ text: String?) -> UInt32? {
        guard let text, text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt32(text)
    }

    /// An `xs:boolean`.
    static func flag(_ text: String?) -> Bool { text == "true" || text == "1" }

    /// What a client wants when it enables stream management.
    package struct EnableRequest: Hashable, Sendable {
        /// Whether the session is to outlive its connection.
        package let isResumable: Bool
        /// For how many seconds at most, if the client has a wish.
        package let maximum: Int?

        init(_ element: Element) {
            isResumable = StreamManagement.flag(element["resume"])
            maximum = StreamManagement.count(element["max"]).map { Int($0) }
        }
    }

    /// What a client says of the session that it wants back.
    package struct ResumeRequest: Hashable, Sendable {
        package let id: String
        /// What it has handled.
        package let handled: UInt32

        /// Nil unless both attributes are what they should be.
        init?(_ element: Element) {
            guard let id = element["previd"], !id.isEmpty, let handled = StreamManagement.count(element["h"]) else {
                return nil
            }
            self.id = id
            self.handled = handled
        }
    }

    /// How a session may be resumed.
    package struct Resumption: Hashable, Sendable {
        package let id: String
        /// Seconds.
        package let window: Int

        package init(id: String, window: Int) {
            self.id = id
            self.window = window
        }
    }

    /// - Parameter resumption: nil when the session ends with its connection.
    static func enabled(_ resumption: Resumption?) -> Element {
        guard let resumption else { return Element("enabled", Namespace.management) }
        return Element(
            "enabled", Namespace.management, ["id": resumption.id, "resume": "true", "max": "\(resumption.window)"])
    }
}
