/// What a signed visitor token says: who may come back as whom, from where, and until when.
struct VisitorToken: Hashable, Sendable {
    /// The localpart of the visitor's address: 26 characters of base 32.
    let identity: String
    /// Milliseconds since 1970.
    var issued: Int64
    /// Milliseconds since 1970.
    let expires: Int64
    /// What makes the bearer more than a visitor; nil for visitors.
    var claims: StaffClaims?
}

extension VisitorToken {
    /// Why a token is not accepted.
    enum Refusal: String, Error, Hashable, Sendable, CaseIterable {
        case tooLong = "This visitor token is too long."
        /// The code does not belong to the text: altered, invented, or made with another key.
        case forged = "This visitor token was not made by this server."
        /// Signed by us, and yet of a form that this version does not know.
        case unreadable = "This visitor token is of a form that is not known here."
        case otherOrigin = "This visitor token was made for another site."
        case fromTheFuture = "This visitor token is not valid yet."
        case expired = "This visitor token has expired."
        case revoked = "This visitor token was revoked."
    }

    /// RFC 4505 §2: a trace string that is a token has at most 255 characters; all of ours are ASCII.
    static let maximumLength = 255

    /// How far the server's clock may be set back before what it signed counts as invalid: milliseconds.
    static let clockTolerance: Int64 = 5 * 60 * 1_000
}
