/// One request, completely received and checked.
package struct HTTPRequest: Sendable, Equatable {
    /// The method, a token exactly as sent; methods are case-sensitive (RFC 9110 §9.1).
    package var method: String
    /// The request target as sent (RFC 9112 §3.2).
    package var target: String
    /// The raw path, not decoded: begins with `/`, or is `*` for the asterisk form and `host:port` for CONNECT.
    package var path: String
    /// The raw query without its `?`; nil when there is no `?`.
    package var query: String?
    /// What `Host` named; nil only in HTTP/1.0.
    package var host: HTTPAuthority?
    /// 0 for HTTP/1.0, 1 for HTTP/1.1 (and any later 1.x, which is read as 1.1: RFC 9110 §2.5).
    package var minorVersion: Int
    /// The header fields; trailers are checked and dropped.
    package var headers: HTTPHeaders
    /// The body, chunks joined.
    package var body: [UInt8]
    /// Whether the client wants the connection to stay open after the answer (RFC 9112 §9.3).
    package var keepAlive: Bool

    /// A request from its parts; `target` is split into path and query.
    package init(
        method: String,
        target: String,
        host: HTTPAuthority? = nil,
        minorVersion: Int = 1,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        keepAlive: Bool = true
    ) {
        self.method = method
        self.target = target
        (path, query) = Self.split(target)
        self.host = host
        self.minorVersion = minorVersion
        self.headers = headers
        self.body = body
        self.keepAlive = keepAlive
    }

    /// Splits at the first `?`.
    static func split(_ target: String) -> (path: String, query: String?) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return (target, nil) }
        return (String(target[..<mark]), String(target[target.utf8.index(after: mark)...]))
    }
}
