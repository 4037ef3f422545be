import EventLoop
import Logging
import Streams
import XMPP

/// Who a visitor is: makes identities, recognises them by their tokens, and forgets them when asked to.
@EventLoop
final class Identities {
    private let domain: String
    private let signer: VisitorTokenSigner
    /// Milliseconds.
    private let lifetime: Int64
    private var revocations: Revocations
    private let file: RevocationFile
    private let logger: Logger
    let staff: StaffRegister
    /// The time of the last token, so that one that is revoked was never issued later than that, whatever the clock did.
    private var latestIssue: Int64 = 0
    /// Lines that the file holds, and writes that are under way.
    private var lines: Int
    private var writes = 0

    /// Revocations that may wait for the disk; further ones are refused.
    private static let maximumWrites = 256
    /// Lines out of date that are not worth writing the file anew.
    private static let slack = 1_000

    init(configuration: Configuration, data: borrowing DataDirectory, logger: Logger) throws(DataDirectory.Failure) {
        domain = configuration.domain
        signer = VisitorTokenSigner(secret: data.key)
        staff = try StaffRegister(configuration: configuration, data: data.path, logger: logger)
        lifetime = configuration.visitors.tokenLifetime.milliseconds
        self.logger = logger
        file = RevocationFile(path: data.path + "/revocations")
        let text = try file.read() ?? ""
        let (revocations, unreadable) = Revocations.parse(text, capacity: configuration.limits.revocations)
        self.revocations = revocations
        lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
        guard unreadable > 0 || !(text.isEmpty || text.hasSuffix("\n")) else { return }
        logger.warning(
            "lines of the revocations are unreadable and count for nothing", metadata: ["lines": "\(unreadable)"])
        compact()
    }

    // MARK: - Who somebody is

    /// The visitor behind the trace string of SASL ANONYMOUS (RFC 4505), and when its token was issued; nil for a
    /// string that claims to be no token of ours.
    func recognise(_ trace: String, origin: String?, now: Int64) throws(VisitorToken.Refusal) -> VisitorToken? {
        guard VisitorTokenSigner.isClaimed(by: trace) else { return nil }
        let token = try signer.verify(trace, origin: origin, now: now)
        if let claims = token.claims {
            // It may have been made this moment, or revoked.
            staff.refresh(now: now)
            guard !isRevoked(token) else { throw .revoked }
            guard staff.admits(claims, from: origin) else { throw .otherOrigin }
            return token
        }
        // Also by the lifetime that is configured now, should it have been a longer one.
        guard now - token.issued < lifetime else { throw .expired }
        guard !isRevoked(token) else { throw .revoked }
        return token
    }

    func isRevoked(_ token: VisitorToken) -> Bool {
        if let claims = token.claims { return staff.members.record(token.identity, claims) == nil }
        return revocations.isRevoked(token.identity, issued: token.issued)
    }

    /// A new token for a visitor, to take the place of the one it has. One with a role is never good for longer than the
    /// first of them, whose record it shares.
    func token(for identity: String, after former: VisitorToken?, origin: String?, now: Int64) -> Element {
        if var token = former, token.claims != nil, !isRevoked(token) {
            token.issued = max(now, token.issued)
            return element(token, origin: nil)
        }
        let issued = max(now, revocations.latest(for: identity) + 1)
        latestIssue = max(latestIssue, issued)
        return element(VisitorToken(identity: identity, issued: issued, expires: issued + lifetime), origin: origin)
    }

    private func element(_ token: VisitorToken, origin: String?) -> Element {
        var element = Element("token", Namespace.visitor, text: signer.mint(token, origin: origin))
        element["expires"] = DateTime.string(milliseconds: token.expires)
        return element
    }

    // MARK: - Forgetting

    /// All tokens of the identity are worth nothing from now on. `done` is told when that outlives the process.
    func revoke(
        _ identity: String, now: Int64, done: @escaping @EventLoop @Sendable (Result<Void, StanzaError>) -> Void
    ) {
        guard writes < Self.maximumWrites else {
            return done(.failure(.resourceConstraint("Try again in a moment.")))
        }
        if staff.members.has(identity) {
            // Its sessions end as they do when the operator revokes it, this one too: without the role it is nobody.
            return write(done) { _, done in staff.revoke(identity, now: now, done: done) }
        }
        let entry = revocations.revoke(identity, now: max(now, latestIssue))
        lines += 1
        write(done) { $0.append(Revocations.line(entry), done: $1) }
        if lines > 2 * revocations.count + Self.slack { compact() }
    }

    /// Drops what has become pointless. Called now and then.
    func expire(now: Int64) {
        let horizon = revocations.horizon
        revocations.expire(issuedUpTo: now - lifetime)
        // What is dropped was about tokens that have expired; the horizon can wait, but not be lost with the entries.
        if revocations.horizon != horizon, lines > 2 * revocations.count + Self.slack { compact() }
    }

    private func compact() {
        lines = revocations.count + 1
        let text = revocations.text
        write({ _ in }) { $0.replace(with: text, done: $1) }
    }

    private func write(
        _ done: @escaping @EventLoop @Sendable (Result<Void, StanzaError>) -> Void,
        _ work: (RevocationFile, @escaping @Sendable (Bool) -> Void) -> Void
    ) {
        writes += 1
        work(file) { isSafe in Task { @EventLoop in self.written(isSafe, done) } }
    }

    private func written(_ isSafe: Bool, _ done: (Result<Void, StanzaError>) -> Void) {
        writes -= 1
        guard isSafe else {
            logger.error("revocations cannot be written into the data directory: they hold until the next start")
            return done(.failure(StanzaError(.internalServerError)))
        }
        done(.success(()))
    }
}
