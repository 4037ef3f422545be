import XMPP

/// What is kept of a token that `samepage token` made: everything but the token itself.
package struct StaffRecord: Hashable, Sendable {
    /// The localpart of the bearer's address: 26 characters of base 32.
    package let identity: String
    package let claims: StaffClaims
    /// Milliseconds since 1970.
    package let issued: Int64
    /// Milliseconds since 1970.
    package let expires: Int64
    /// Milliseconds since 1970; nil while it is not.
    package var revoked: Int64?

    func isValid(now: Int64) -> Bool { revoked == nil && now < expires }
}

/// For people.
extension StaffRecord {
    package var issueText: String { Self.day(issued) }
    package var expiryText: String { Self.day(expires) }
    /// Nil while it is not revoked.
    package var revocationText: String? { revoked.map { "revoked \(Self.day($0))" } }

    /// The day in UTC.
    private static func day(_ time: Int64) -> String { String(DateTime.string(milliseconds: time).prefix(10)) }
}
