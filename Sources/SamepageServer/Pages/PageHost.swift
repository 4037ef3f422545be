import Foundation

/// Brings a host to the one form in which keys have it (WHATWG URL, §3.5 "Host parsing").
enum PageHost {
    /// The canonical form: a lower-case ASCII name without final dot, dotted IPv4, or IPv6 in brackets.
    ///
    /// Stricter than a browser where nothing real is lost: a name consists of letters, digits, `-` and `_`, has no
    /// empty label, and keeps to the lengths of RFC 1035 §2.3.4.
    static func canonical(_ text: String) throws(PageAddressError) -> String {
        if text.hasPrefix("[") {
            guard text.hasSuffix("]"), !text.utf8.contains(percent),
                case .v6(let high, let low)? = IPAddress(inBrackets(text))
            else { throw .badHost(text) }
            return "[\(IPAddress.v6(high: high, low: low))]"
        }
        guard let decoded = percentDecoded(text), let ascii = toASCII(decoded) else { throw .badHost(text) }
        var labels = ascii.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        if let last = labels.last, IPv4Number.looksLikeNumber(last) {
            guard let address = IPv4Number.address(labels) else { throw .badHost(text) }
            return IPAddress.v4(address).description
        }
        let name = Array(labels.joined(separator: [UInt8(ascii: ".")]))
        guard name.count <= longestName, labels.allSatisfy(isLabel) else { throw .badHost(text) }
        return String(decoding: name, as: UTF8.self)
    }

    /// Whether a canonical host is a name and not an address.
    static func isName(_ host: String) -> Bool {
        !host.hasPrefix("[") && IPAddress(host) == nil
    }

    // Compared as bytes: as a character, a percent sign with a combining mark behind it is none.
    private static let percent = UInt8(ascii: "%")
    private static let longestName = 253
    private static let longestLabel = 63

    private static func inBrackets(_ text: String) -> Substring {
        text.dropFirst().dropLast()
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        (1...longestLabel).contains(label.count)
            && label.allSatisfy {
                ASCII.isLetter($0) || ASCII.digit($0) != nil || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    /// The name with its percent escapes decoded; nil unless the outcome is UTF-8. A `%` that is no escape stays, and
    /// is refused later.
    private static func percentDecoded(_ text: String) -> String? {
        guard text.utf8.contains(percent) else { return text }
        return String(validating: PercentEncoding.decoded(Array(text.utf8)[...]), as: UTF8.self)
    }

    /// The name in ASCII and lower case: internationalised names by UTS 46, as browsers map them.
    private static func toASCII(_ name: String) -> [UInt8]? {
        let bytes = name.utf8.map(ASCII.lowercased)
        // 4 bytes encode at most one character, so that a name longer than this has no valid ASCII form either.
        guard bytes.count <= longestName * 4 else { return nil }
        let isPlain = bytes.allSatisfy { $0 < 0x80 }
        if isPlain, !hasPunycode(bytes) { return bytes }
        // Characters that end or split a host must not reach the mapping, nor come out of it.
        guard bytes.allSatisfy({ $0 >= 0x80 || isHostByte($0) }),
            let ascii = encoded(String(decoding: bytes, as: UTF8.self)), ascii.utf8.allSatisfy(isHostByte)
        else { return nil }
        // Punycode that decodes to nothing, or to what would be encoded otherwise, is refused as browsers do.
        if hasPunycode(Array(ascii.utf8)) {
            guard let unicode = decodedName(ascii), encoded(unicode) == ascii else { return nil }
        }
        return Array(ascii.utf8)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.digit(byte) != nil || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }

    private static func hasPunycode(_ name: [UInt8]) -> Bool {
        name.split(separator: UInt8(ascii: ".")).contains { $0.starts(with: "xn--".utf8) }
    }

    private static func encoded(_ name: String) -> String? {
        var components = URLComponents()
        components.scheme = "https"
        components.host = name
        return components.encodedHost?.lowercased()
    }

    private static func decodedName(_ ascii: String) -> String? {
        var components = URLComponents()
        components.scheme = "https"
        components.encodedHost = ascii
        return components.host
    }
}
