import WebWire
import XMPP

extension PageAddress {
    /// The key that a room's localpart stands for, if it is the localpart of a page's room.
    ///
    /// Nil when the key is not the whole story: the localpart was cut and carries a digest, or it is no page's.
    package static func key(fromLocalpart localpart: String) -> String? {
        address(fromLocalpart: localpart, kept: { _ in .all })?.key
    }

    /// The page address whose localpart this is, if the sites allow that page: what a join by JID alone asks for.
    package static func make(localpart: String, sites: SiteList) -> PageAddress? {
        let address = address(fromLocalpart: localpart) { .named(sites.site(for: $0)?.query ?? []) }
        guard let address, sites.allows(host: address.host) else { return nil }
        return address
    }

    /// A URL of which the key is this one. Only for what `PageAddress` made.
    package static func url(fromKey key: String) -> String {
        // 443 is dropped as the default of https, so only http can have it in a key.
        let authority = key.prefix { !"/?#".contains($0) }
        return (authority.hasSuffix(":443") ? "http://" : "https://") + key
    }

    /// The localpart of a key: escaped by XEP-0106 and in lower case.
    ///
    /// When lower-casing loses something, or the outcome is too long, the localpart is cut to fit and ends in `~` and
    /// the first 10 digits of the key's SHA-256. So does one that happens to end like that by itself: otherwise a page
    /// could be named to share another page's room.
    static func localpart(forKey key: String) -> (String, [Step]) {
        let lower = String(decoding: key.utf8.map(ASCII.lowercased), as: UTF8.self)
        let escaped = JIDEscaping.escape(lower)
        var steps: [Step] = []
        if escaped != lower { steps.append(Step(.escaping, "escaped by XEP-0106 for the room's name")) }
        let reason: String
        if lower != key {
            reason = "added a digest, as letters in upper case tell this page from another"
        } else if escaped.utf8.count > maximumLocalpartLength {
            reason = "cut to \(maximumLocalpartLength) bytes with a digest"
        } else if endsLikeDigest(escaped) {
            reason = "added a digest, as the name ends like one"
        } else {
            return (escaped, steps)
        }
        steps.append(Step(.hash, reason))
        let suffix = "~" + Digest.hex(Digest.sha256(Array(key.utf8))).prefix(digestLength)
        return (cut(escaped, to: maximumLocalpartLength - suffix.utf8.count) + suffix, steps)
    }

    /// Digits of the digest.
    private static let digestLength = 10

    private static func endsLikeDigest(_ localpart: String) -> Bool {
        let tail = localpart.utf8.suffix(digestLength + 1)
        return tail.count == digestLength + 1 && tail.first == UInt8(ascii: "~")
            && tail.dropFirst().allSatisfy { ASCII.hexDigit($0) != nil && !(0x41...0x46).contains($0) }
    }

    /// Cuts to so many bytes, never inside an escape (`\2f`, `%C3`) or a character.
    static func cut(_ escaped: String, to length: Int) -> String {
        let bytes = Array(escaped.utf8)
        guard bytes.count > length, length > 0 else { return escaped }
        var end = length
        for back in 1...2 where length - back >= 0 {
            let byte = bytes[length - back]
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "%") { end = length - back }
        }
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// Undoes the localpart, and takes the outcome only if it is the key of a page whose localpart is the same.
    private static func address(
        fromLocalpart localpart: String, kept: (String) -> PageQuery.Kept
    ) -> PageAddress? {
        // Only ASCII: strings of other characters may count as equal to what they are not.
        guard localpart.utf8.count <= maximumLocalpartLength, localpart.utf8.allSatisfy({ $0 < 0x80 }) else {
            return nil
        }
        let key = JIDEscaping.unescape(localpart)
        let parts = key.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let page = parts.first, let url = try? PageURL(url(fromKey: String(page))),
            let address = try? PageAddress(
                url, room: parts.count == 2 ? String(parts[1]) : nil, kept: kept(url.host)),
            address.key == key, address.localpart == localpart
        else { return nil }
        return address
    }
}
