import Streams
import XMPP

/// Why a link is down, in words for the operator.
enum LinkFailure: Hashable, Sendable {
    /// No connection: the name, TCP or TLS.
    case unreachable(String)
    /// The server never answered the handshake.
    case noHandshake
    /// The connection ended without a word.
    case lost
    /// Nothing was heard for a while: the connection is half open.
    case silent
    /// How the stream ended.
    case stream(ComponentStream.Ending)

    /// One word for programs that read `/readyz`.
    var code: String {
        switch self {
        case .unreachable: "unreachable"
        case .noHandshake: "no-handshake"
        case .lost: "lost"
        case .silent: "silent"
        case .stream(.refused(let error, _)): error.condition.rawValue
        case .stream(.violation): "protocol-violation"
        case .stream(.closed), .stream(.ended): "closed"
        }
    }

    /// Whether waiting alone will not help.
    var needsOperator: Bool {
        guard case .stream(.refused(let error, _)) = self else { return false }
        return [.notAuthorized, .hostUnknown, .conflict, .invalidFrom, .invalidNamespace].contains(error.condition)
    }

    /// Another connection has taken the domain: to come back at once would make the two throw each other out for ever.
    var isConflict: Bool {
        guard case .stream(.refused(let error, _)) = self else { return false }
        return error.condition == .conflict
    }
}

extension LinkFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let reason): reason
        case .noHandshake: "the server does not answer the handshake: is this a port for components?"
        case .lost: "the connection was lost"
        case .silent: "the server has not answered for too long"
        case .stream(.closed): "the server closed the stream"
        case .stream(.ended): "the link was closed"
        case .stream(.violation(let error)):
            "what the server sends is no component stream (\(error.condition.rawValue)\(Self.quoted(error.text)))"
        case .stream(.refused(let error, let isEstablished)):
            Self.explain(error, isEstablished) + " (\(error.condition.rawValue)\(Self.quoted(error.text)))"
        }
    }

    private static func explain(_ error: StreamError, _ isEstablished: Bool) -> String {
        switch error.condition {
        case .notAuthorized where !isEstablished: "the server refuses the secret"
        case .hostUnknown: "the server knows no component of this domain"
        case .conflict: "another connection serves this domain already"
        case .systemShutdown: "the server is stopping"
        default: "the server ended the stream"
        }
    }

    /// What the server says, cut to a line.
    private static func quoted(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "" }
        let line = text.prefix(200).map { $0.isNewline ? " " : $0 }
        return ": \(String(line))"
    }
}
