import XMPP

/// One `<body/>` of a client (XEP-0124 §7, §9), its attributes read and checked.
package struct BOSHRequest: Hashable, Sendable {
    /// §14.1: a rid is below 2^53, so that every language can count it.
    static let ridLimit: Int64 = 1 << 53
    /// A MIME type has no business being longer.
    private static let contentLimit = 128

    package var rid: Int64
    /// Missing in the request that makes a session.
    package var sid: String?
    package var to: String?
    package var isTerminating = false
    /// Whether the stream restarts, after SASL (XEP-0206 §5); what else the body carries is ignored then.
    package var isRestart = false
    /// Milliseconds that the client asks to be left alone (§8).
    package var pause: Int64?
    /// What the client asks for in the request that makes a session.
    package var wait: Int64?
    package var hold: Int?
    package var version: BOSHVersion?
    package var xmppVersion: String?
    package var content: String?
    /// §9: in the request that makes a session, that both sides will acknowledge; later, the highest rid up to which the
    /// client has all answers.
    package var acknowledged: Int64?
    /// §15: key sequences.
    package var key: String?
    package var newKey: String?
    package var payload: [Element] = []

    /// - Throws: `bad-request` for what is not a body, has no usable rid, or numbers that are none.
    package init(_ body: Element) throws(BOSHCondition) {
        guard body.isNamed("body", Namespace.httpBind) else { throw .badRequest }
        guard let rid = try Self.number(body["rid"]), rid > 0, rid < Self.ridLimit else { throw .badRequest }
        self.rid = rid
        sid = body["sid"]
        to = body["to"]
        isTerminating = body["type"] == "terminate"
        pause = try Self.number(body["pause"]).map(Self.milliseconds)
        wait = try Self.number(body["wait"]).map(Self.milliseconds)
        hold = try Self.number(body["hold"]).map { Int(clamping: $0) }
        version = try body["ver"].map(BOSHVersion.init)
        acknowledged = try Self.number(body["ack"])
        key = body["key"]
        newKey = body["newkey"]
        payload = try Self.payload(of: body)
        for attribute in body.attributes where attribute.namespace == Namespace.xbosh {
            switch attribute.name {
            case "restart": isRestart = ["true", "1"].contains(attribute.value)
            case "version": xmppVersion = attribute.value
            default: break
            }
        }
        content = body["content"]
        guard content.map(Self.isMediaType) ?? true else { throw .badRequest }
        if isRestart { payload = [] }
    }

    /// Whether it asks for nothing but what waits (§11, §12).
    var isPoll: Bool { payload.isEmpty && !isTerminating && !isRestart && pause == nil }

    /// §6: elements, and no text between them.
    private static func payload(of body: Element) throws(BOSHCondition) -> [Element] {
        var payload: [Element] = []
        for node in body.nodes {
            switch node {
            case .element(let element): payload.append(element.inClientNamespace)
            case .text(let text): guard text.allSatisfy(\.isWhitespace) else { throw .badRequest }
            }
        }
        return payload
    }

    /// A whole number without a sign; nil when there is none.
    private static func number(_ text: String?) throws(BOSHCondition) -> Int64? {
        guard let text else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw .badRequest
        }
        // More digits than fit are as good as the largest number: out of every range.
        return Int64(text) ?? .max
    }

    private static func milliseconds(_ seconds: Int64) -> Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        return overflow ? .max : product
    }

    /// §7.1: the value of the answer's Content-Type. Nothing that could end a header field.
    private static func isMediaType(_ text: String) -> Bool {
        text.utf8.count <= contentLimit && text.utf8.contains(UInt8(ascii: "/"))
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
}

/// The version of the protocol, `major.minor` compared as numbers: 1.10 is later than 1.6 (XEP-0124 §7.1).
package struct BOSHVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The latest that this implements.
    static let own = BOSHVersion(major: 1, minor: 11)

    let major: Int
    let minor: Int

    private init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init(_ text: String) throws(BOSHCondition) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = UInt16(parts[0]), let minor = UInt16(parts[1]) else { throw .badRequest }
        self.init(major: Int(major), minor: Int(minor))
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}

extension Element {
    /// XEP-0206 §2: clients that give their stanzas no namespace, so that they are in the body's, mean `jabber:client`.
    fileprivate var inClientNamespace: Element {
        guard namespace == Namespace.httpBind else { return self }
        var element = self
        element.namespace = Namespace.client
        element.nodes = nodes.map { if case .element(let child) = $0 { .element(child.inClientNamespace) } else { $0 } }
        return element
    }
}
