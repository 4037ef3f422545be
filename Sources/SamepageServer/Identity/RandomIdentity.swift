/// The localparts that `RandomID.visitor()` makes.
enum RandomIdentity {
    private static let length = 26

    static func isOne(_ text: some StringProtocol) -> Bool {
        text.utf8.count == length && text.utf8.allSatisfy(isDigit)
    }

    /// Of base 32 (RFC 4648 §6) in lower case.
    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(byte)
    }
}
