/// The host and port of a request: the value of `Host` or of an absolute request target (RFC 9112 §3.2).
package struct HTTPAuthority: Sendable, Hashable, CustomStringConvertible {
    /// The host in lower case; an IPv6 address with its brackets.
    package let host: String
    /// The port, when one was given.
    package let port: UInt16?

    /// The longest value that is looked at: 253 bytes of a host name and `:65535`.
    private static let maximumLength = 259

    /// Reads `host`, `host:port` or `[IPv6]:port`. Refused: nothing, user information, anything but letters, digits,
    /// `-`, `.` and `_` in a name, a port over 65535. An empty port (`host:`) counts as none (RFC 3986 §3.2.3).
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.maximumLength else { return nil }
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let address = bytes[1..<bracket]
            let colons = address.count { $0 == UInt8(ascii: ":") }
            guard colons >= 2, colons <= 7, address.allSatisfy(Self.isAddressCharacter) else { return nil }
            end = bracket &+ 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            guard end > 0, bytes[..<end].allSatisfy(Self.isNameCharacter) else { return nil }
        }
        host = ASCII.lowercased(String(decoding: bytes[..<end], as: UTF8.self))
        let rest = bytes[end...]
        guard let colon = rest.first else {
            port = nil
            return
        }
        let digits = rest.dropFirst()
        guard colon == UInt8(ascii: ":"), digits.allSatisfy(\.isDigit) else { return nil }
        if digits.isEmpty {
            port = nil
        } else {
            guard digits.count <= 5, let number = UInt16(String(decoding: digits, as: UTF8.self)) else { return nil }
            port = number
        }
    }

    /// The port, or the one that the scheme implies.
    func port(scheme: String) -> UInt16 {
        port ?? (scheme == "https" ? 443 : 80)
    }

    package var description: String {
        guard let port else { return host }
        return "\(host):\(port)"
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_")
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        byte.hexValue != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
