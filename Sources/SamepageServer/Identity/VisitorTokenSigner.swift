import COpenSSL
import WebWire

/// Makes and reads visitor tokens.
///
/// A token is ASCII, its fields are separated by points:
///
///     sp1.<identity>.<issued>.<expires>.<origin>.<code>
///
/// `issued` and `expires` are milliseconds since 1970 in decimal. `origin` is the digest of the web origin that the token
/// is for, empty for a client that has none. `code` is the HMAC-SHA-256, cut to 128 bits (RFC 2104 §5), of all that
/// stands before it, point included. A token with a role has three more fields, and is for no origin:
///
///     sp1.<identity>.<issued>.<expires>..<role>.<site>.<nick>.<code>
///
/// `site` is a host with `~` for its points, empty for all of them; `nick` is in base 64 for URLs. Only these two are
/// defined so far: this reader refuses any other number of fields, so that a later version may add some without an older
/// one overlooking them.
///
/// Pure: the time and the origin come in.
struct VisitorTokenSigner: Sendable {
    static let prefix = "sp1."
    private static let codeLength = 16
    private static let originLength = 16

    private let key: SecretKey

    /// - Parameter secret: The server's own; tokens are signed by a key derived from it, which signs nothing else.
    init(secret: SecretKey) {
        key = secret.derived(for: "visitor token")
    }

    func mint(_ token: VisitorToken, origin: String?) -> String {
        var signed = "\(Self.prefix)\(token.identity).\(token.issued).\(token.expires)."
        if let claims = token.claims {
            signed += ".\(claims.text)."
        } else {
            signed += Self.digest(ofOrigin: origin) + "."
        }
        return signed + code(of: signed)
    }

    /// Whether a trace string (RFC 4505) wants to be a token of ours, and is refused if it is none.
    static func isClaimed(by trace: String) -> Bool { trace.utf8.starts(with: prefix.utf8) }

    /// Reads a token that came from this origin. Whether it was revoked is not known here, nor which origins are a site's.
    func verify(_ text: String, origin: String?, now: Int64) throws(VisitorToken.Refusal) -> VisitorToken {
        guard text.utf8.count <= VisitorToken.maximumLength else { throw .tooLong }
        guard Self.isClaimed(by: text), let end = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { throw .forged }
        let signed = String(text[...end])
        let claimed = text.utf8[text.utf8.index(after: end)...]
        // Nothing of the content is looked at before it is known to be ours.
        guard Self.isEqual(Array(claimed), Array(code(of: signed).utf8)) else { throw .forged }

        let fields = signed.dropFirst(Self.prefix.count).split(separator: ".", omittingEmptySubsequences: false)
        // The last of them is what stands between the last point and the code: nothing.
        guard fields.count == 5 || fields.count == 8, RandomIdentity.isOne(fields[0]), let issued = Int64(fields[1]),
            let expires = Int64(fields[2]), issued >= 0, expires >= issued
        else { throw .unreadable }
        let claims = fields.count == 8 ? StaffClaims(fields: fields[4..<7]) : nil
        guard fields.count == 5 || (claims != nil && fields[3].isEmpty) else { throw .unreadable }
        guard claims != nil || fields[3] == Self.digest(ofOrigin: origin) else { throw .otherOrigin }
        guard issued - VisitorToken.clockTolerance <= now else { throw .fromTheFuture }
        guard now < expires else { throw .expired }
        return VisitorToken(identity: String(fields[0]), issued: issued, expires: expires, claims: claims)
    }

    private func code(of signed: String) -> String {
        key.authenticationCode(signed, length: Self.codeLength)
    }

    private static func digest(ofOrigin origin: String?) -> String {
        guard let origin else { return "" }
        return Digest.hex(Array(Digest.sha256(Array(origin.utf8)).prefix(originLength)))
    }

    /// In a time that does not depend on where the two differ.
    private static func isEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        first.count == second.count && CRYPTO_memcmp(first, second, first.count) == 0
    }
}
