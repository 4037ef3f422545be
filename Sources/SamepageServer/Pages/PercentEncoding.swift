/// Percent-encoding (RFC 3986 §2.1) in one normal form.
enum PercentEncoding {
    /// Decodes every escape once. A `%` that begins none stays as it is.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if let byte = escape(bytes, at: index) {
                output.append(byte)
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    /// Decodes escapes of unreserved characters, writes the others with upper-case digits, and escapes what is not
    /// allowed as it is. A stray `%` becomes `%25`, so that normalising once more changes nothing.
    static func normalized(_ bytes: ArraySlice<UInt8>, allowed: (UInt8) -> Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if let byte = escape(bytes, at: index) {
                if ASCII.isUnreserved(byte) { output.append(byte) } else { output += ASCII.percentEncoded(byte) }
                index += 3
            } else {
                let byte = bytes[index]
                if allowed(byte) { output.append(byte) } else { output += ASCII.percentEncoded(byte) }
                index += 1
            }
        }
        return output
    }

    /// The characters that a path may have unescaped (RFC 3986 §3.3 `pchar`, and the slash).
    static func isPathByte(_ byte: UInt8) -> Bool {
        ASCII.isUnreserved(byte) || pathDelimiters.contains(byte)
    }

    /// The characters of a query parameter's value that stay as they are: those with no meaning in a form.
    static func isParameterByte(_ byte: UInt8) -> Bool {
        ASCII.isUnreserved(byte) || parameterDelimiters.contains(byte)
    }

    private static let pathDelimiters = Set("!$&'()*+,;=:@/".utf8)
    private static let parameterDelimiters = Set("!$'()*,;:@/".utf8)

    private static func escape(_ bytes: ArraySlice<UInt8>, at index: Int) -> UInt8? {
        guard bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
            let high = ASCII.hexDigit(bytes[index + 1]), let low = ASCII.hexDigit(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }
}
