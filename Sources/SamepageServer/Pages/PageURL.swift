/// The parts of a web page's URL, taken apart as a browser does (WHATWG URL, §4.4 "URL parsing", special schemes).
struct PageURL: Sendable {
    /// `http` or `https`.
    let scheme: String
    /// In canonical form: see `PageHost`.
    let host: String
    /// Nil for the scheme's default port.
    let port: Int?
    /// As written after the authority, without the first slash; backslashes have become slashes.
    let path: [UInt8]
    /// Without the question mark; nil when there is none.
    let query: [UInt8]?
    /// Whether there was a `#`.
    let hasFragment: Bool
    /// Whether the host was written in another way than the canonical one.
    let hostChanged: Bool
    /// Whether a port was written that is the scheme's default.
    let hasDefaultPort: Bool
    /// Whether nothing is there but scheme, host and port, exactly as an `Origin` header has it.
    let isOrigin: Bool

    init(_ text: String) throws(PageAddressError) {
        guard text.utf8.count <= PageAddress.maximumURLLength else { throw .tooLong }
        let bytes = Self.cleaned(text)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .notAWebPage }
        let scheme = String(decoding: bytes[..<colon].map(ASCII.lowercased), as: UTF8.self)
        guard scheme == "http" || scheme == "https" else { throw .notAWebPage }
        self.scheme = scheme

        let afterColon = bytes[(colon + 1)...]
        let rest = afterColon.drop { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let authority = rest.prefix { !Self.endsAuthority($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { throw .credentials }
        let (hostText, portText) = Self.split(authority)
        let written = String(decoding: hostText, as: UTF8.self)
        let host = try PageHost.canonical(written)
        self.host = host
        hostChanged = written != host

        let port = try Self.port(portText)
        let isDefault = port == (scheme == "https" ? 443 : 80)
        self.port = isDefault ? nil : port
        hasDefaultPort = isDefault

        let afterAuthority = rest[authority.endIndex...]
        let beforeFragment = afterAuthority.prefix { $0 != UInt8(ascii: "#") }
        let path = beforeFragment.prefix { $0 != UInt8(ascii: "?") }
        hasFragment = beforeFragment.endIndex < afterAuthority.endIndex
        query = path.endIndex < beforeFragment.endIndex ? Array(beforeFragment[(path.endIndex + 1)...]) : nil
        self.path = path.dropFirst().map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
        isOrigin = afterColon.count - rest.count == 2 && afterColon.starts(with: "//".utf8) && afterAuthority.isEmpty
    }

    /// Drops control characters and spaces at the ends, and tabs and line breaks anywhere, as browsers do.
    private static func cleaned(_ text: String) -> [UInt8] {
        var slice = Array(text.utf8)[...]
        while let first = slice.first, first <= 0x20 { slice.removeFirst() }
        while let last = slice.last, last <= 0x20 { slice.removeLast() }
        return slice.filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
        default: false
        }
    }

    /// Splits at the first colon that is not inside brackets.
    private static func split(_ authority: ArraySlice<UInt8>) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?) {
        var inBrackets = false
        for index in authority.indices {
            switch authority[index] {
            case UInt8(ascii: "["): inBrackets = true
            case UInt8(ascii: "]"): inBrackets = false
            case UInt8(ascii: ":") where !inBrackets: return (authority[..<index], authority[(index + 1)...])
            default: break
            }
        }
        return (authority, nil)
    }

    private static func port(_ text: ArraySlice<UInt8>?) throws(PageAddressError) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        var value = 0
        for byte in text {
            guard let digit = ASCII.digit(byte) else { throw .badPort }
            value = value * 10 + Int(digit)
            guard value <= 65_535 else { throw .badPort }
        }
        return value
    }
}
