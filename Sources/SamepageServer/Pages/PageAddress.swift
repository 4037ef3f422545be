/// Where the people who look at a page meet: the page's canonical key, and the localpart of its room.
///
/// Only the server makes page addresses. Two URLs have the same key exactly when they are the same page by the rules in
/// `Step.Rule`, and different keys have different localparts.
package struct PageAddress: Hashable, Sendable {
    /// `host[:port]/path[?query]`, or `host[:port]#room` for a room that a site asks for by name. ASCII.
    package let key: String
    /// The room's localpart, escaped by XEP-0106 and in lower case: ready for a JID. At most
    /// `maximumLocalpartLength` bytes.
    package let localpart: String
    /// What was done to the URL, in the order of the rules; rules that changed nothing are left out.
    package let steps: [Step]
    /// The canonical host, without port.
    package let host: String
    /// The key with its escapes decoded, for people; nil when that would show the same, or something unprintable.
    package let displayName: String?

    /// Longest URL taken, in bytes.
    package static let maximumURLLength = 4_096
    /// Longest localpart made, in bytes; XMPP allows 1023 (RFC 7622 §3.3).
    package static let maximumLocalpartLength = 200
    /// Longest room name, in bytes.
    package static let maximumRoomNameLength = 64

    /// Maps the URL of a page to its address.
    ///
    /// - Parameters:
    ///   - url: The page's URL as the browser has it, at most `maximumURLLength` bytes.
    ///   - room: The name of a room of the whole site that the page asks for instead of its own.
    ///   - sites: The sites that may have rooms, and the query parameters that make pages differ.
    package static func make(
        url: String, room: String? = nil, sites: SiteList
    ) throws(PageAddressError) -> PageAddress {
        let parsed = try PageURL(url)
        guard sites.allows(host: parsed.host) else { throw .hostNotAllowed(parsed.host) }
        let kept = PageQuery.Kept.named(sites.site(for: parsed.host)?.query ?? [])
        return try PageAddress(parsed, room: room, kept: kept)
    }

    /// The JID of the page's room on a MUC service.
    package func roomJID(service: String) -> String {
        "\(localpart)@\(service)"
    }

    init(_ url: PageURL, room: String?, kept: PageQuery.Kept) throws(PageAddressError) {
        var steps = Self.authoritySteps(url)
        var key = url.host
        if let port = url.port { key += ":\(port)" }
        if let room {
            let name = try Self.roomName(room)
            key += "#\(name)"
            steps.append(Step(.room, "took the site's room \(name) instead of the page"))
        } else {
            let path = PagePath(url.path)
            let query = PageQuery(url.query, kept: kept)
            for segment in path.segments { key += "/" + String(decoding: segment, as: UTF8.self) }
            if !query.text.isEmpty { key += "?" + String(decoding: query.text, as: UTF8.self) }
            steps += query.steps + path.steps
        }
        let (localpart, localpartSteps) = Self.localpart(forKey: key)
        self.key = key
        self.localpart = localpart
        self.steps = steps + localpartSteps
        host = url.host
        displayName = Self.displayName(forKey: key)
    }

    private static func authoritySteps(_ url: PageURL) -> [Step] {
        var steps = [Step(.scheme, "dropped \(url.scheme)://")]
        if url.hostChanged { steps.append(Step(.host, "wrote the host as \(url.host)")) }
        if url.hasDefaultPort { steps.append(Step(.defaultPort, "dropped the default port")) }
        if url.hasFragment { steps.append(Step(.fragment, "dropped the fragment")) }
        return steps
    }

    private static func roomName(_ text: String) throws(PageAddressError) -> String {
        let bytes = text.utf8.map(ASCII.lowercased)
        guard (1...maximumRoomNameLength).contains(bytes.count),
            bytes.allSatisfy({ ASCII.isUnreserved($0) && $0 != UInt8(ascii: "~") })
        else { throw .badRoomName }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes for reading only; refuses what could pretend to be something else: control and format characters.
    private static func displayName(forKey key: String) -> String? {
        guard key.contains("%"),
            let text = String(validating: PercentEncoding.decoded(Array(key.utf8)[...]), as: UTF8.self)
        else { return nil }
        let isHarmless = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
            default: true
            }
        }
        return isHarmless ? text : nil
    }
}
