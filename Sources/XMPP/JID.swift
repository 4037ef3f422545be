/// An XMPP address (RFC 7622): `localpart@domainpart/resourcepart`.
///
/// Made only by the parsing initialisers, so a value is always valid: the localpart and the domainpart are lower-case,
/// no part is empty or longer than 1,023 bytes, and nothing forbidden is inside. Equality is by Unicode canonical
/// equivalence, which is how Swift compares strings; so `é` written in one or two scalars is one address.
///
/// The text is kept as one string, since routing compares and writes whole addresses far more often than it takes
/// them apart.
package struct JID: Hashable, Sendable, CustomStringConvertible {
    /// RFC 7622 §3.1: each part is at most 1,023 bytes.
    package static let maximumPartLength = 1_023

    /// The whole address, as it stands on the wire before XML escaping.
    package let description: String
    /// Where the domainpart begins in `description`, in UTF-8 bytes.
    private let domainStart: UInt16
    /// Where the resourcepart begins; 0 when there is none.
    private let resourceStart: UInt16
    /// Where whoever gave out this address keeps what belongs to it; 0: nowhere. It travels with copies of the value, so that
    /// to deliver needs no search by text. A hint, no part of the identity: another value of the same address may have none.
    package var hint: UInt32 = 0

    /// Where the parts begin follows from the text, but in bytes: these differ between two ways to write one `é`.
    package static func == (left: JID, right: JID) -> Bool { left.description == right.description }

    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    private init(localpart: String, domain: String, resource: String) {
        var text = ""
        text.reserveCapacity(localpart.utf8.count + domain.utf8.count + resource.utf8.count + 2)
        if !localpart.isEmpty {
            text += localpart
            text += "@"
        }
        domainStart = UInt16(clamping: text.utf8.count)
        text += domain
        if resource.isEmpty {
            resourceStart = 0
        } else {
            text += "/"
            resourceStart = UInt16(clamping: text.utf8.count)
            text += resource
        }
        description = text
    }

    /// Parses an address; nil when it is not one (RFC 7622 §3.1, `jid-malformed`).
    package init?(_ text: String) {
        // §3.2: the first '/' ends the bare part, the first '@' before it ends the localpart.
        let utf8 = text.utf8
        let slash = utf8.firstIndex(of: UInt8(ascii: "/"))
        let bare = utf8[..<(slash ?? utf8.endIndex)]
        let at = bare.firstIndex(of: UInt8(ascii: "@"))
        var localpart: String?
        if let at { localpart = String(text[..<at]) }
        let domain = String(text[(at.map { utf8.index(after: $0) } ?? utf8.startIndex)..<bare.endIndex])
        var resource: String?
        if let slash { resource = String(text[utf8.index(after: slash)...]) }
        self.init(localpart: localpart, domain: domain, resource: resource)
    }

    /// Builds an address from parts; nil when a part is given but not allowed.
    package init?(localpart: String?, domain: String, resource: String? = nil) {
        guard let domain = JIDRules.domain(domain) else { return nil }
        var local = ""
        if let localpart {
            guard let prepared = JIDRules.localpart(localpart) else { return nil }
            local = prepared
        }
        var rest = ""
        if let resource {
            guard let prepared = JIDRules.resource(resource) else { return nil }
            rest = prepared
        }
        self.init(localpart: local, domain: domain, resource: rest)
    }

    package var localpart: String? {
        guard domainStart > 0 else { return nil }
        return String(decoding: description.utf8.prefix(Int(domainStart) - 1), as: UTF8.self)
    }

    package var domain: String {
        let end = resourceStart == 0 ? description.utf8.count : Int(resourceStart) - 1
        return String(decoding: description.utf8.prefix(end).dropFirst(Int(domainStart)), as: UTF8.self)
    }

    package var resource: String? {
        guard resourceStart > 0 else { return nil }
        return String(decoding: description.utf8.dropFirst(Int(resourceStart)), as: UTF8.self)
    }

    package var isBare: Bool { resourceStart == 0 }
    package var isFull: Bool { resourceStart > 0 }

    /// The same as comparing the domains, without making strings of them.
    package func isOfSameDomain(as other: JID) -> Bool { domainBytes.elementsEqual(other.domainBytes) }

    private var domainBytes: Substring.UTF8View {
        let utf8 = description.utf8
        let end = resourceStart == 0 ? utf8.count : Int(resourceStart) - 1
        return utf8.prefix(end).dropFirst(Int(domainStart))
    }

    /// Neither localpart nor resource: the address of a server or service.
    package var isDomain: Bool { domainStart == 0 && resourceStart == 0 }

    /// The address without its resource.
    package var bare: JID {
        isBare ? self : JID(localpart: localpart ?? "", domain: domain, resource: "")
    }

    /// The same bare address with another resource; nil when the resource is not allowed.
    package func with(resource: String) -> JID? {
        guard let prepared = JIDRules.resource(resource) else { return nil }
        return JID(localpart: localpart ?? "", domain: domain, resource: prepared)
    }
}
