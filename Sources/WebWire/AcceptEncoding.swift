/// Content codings that a client takes (RFC 9110 §12.5.3).
package enum AcceptEncoding {
    /// Whether the answer may be sent with gzip: named, or covered by `*`, with a weight over 0. Without the field the
    /// answer is no, for such clients are mostly not browsers and cannot decode.
    package static func allowsGzip(_ headers: HTTPHeaders) -> Bool {
        var wildcard = false
        for member in headers.tokens("Accept-Encoding") {
            let parts = ASCII.split(member, at: UInt8(ascii: ";"))
            guard let coding = parts.first else { continue }
            let allowed = isAllowed(weight: parts.dropFirst())
            if ASCII.equalIgnoringCase(coding, "gzip") || ASCII.equalIgnoringCase(coding, "x-gzip") { return allowed }
            if coding == "*" { wildcard = allowed }
        }
        return wildcard
    }

    /// No weight, or `q=` and a number from 0 to 1 with at most three decimals that is not 0 (RFC 9110 §12.4.2).
    private static func isAllowed(weight parameters: ArraySlice<String>) -> Bool {
        guard let parameter = parameters.first else { return true }
        let bytes = Array(parameter.utf8)
        guard parameters.count == 1, bytes.count >= 3, bytes.count <= 7, bytes[0].lowercased == UInt8(ascii: "q"),
            bytes[1] == UInt8(ascii: "="), bytes.count == 3 || bytes[3] == UInt8(ascii: ".")
        else { return false }
        let decimals = bytes.dropFirst(4)
        guard decimals.allSatisfy(\.isDigit) else { return false }
        let isFraction = decimals.contains { $0 != UInt8(ascii: "0") }
        switch bytes[2] {
        case UInt8(ascii: "1"): return !isFraction
        case UInt8(ascii: "0"): return isFraction
        default: return false
        }
    }
}
