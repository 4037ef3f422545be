/// `Host` and the four forms of the request target (RFC 9112 §3.2).
extension HTTPRequestDecoder {
    /// Sets host, path and query of the request; returns what is wrong, if anything.
    mutating func checkTarget() -> String? {
        let request = partial.request
        let hosts = request.headers.values("Host")
        guard hosts.count <= 1 else { return "two Hosts" }
        if let value = hosts.first {
            guard let host = HTTPAuthority(value) else { return "bad Host" }
            partial.request.host = host
        } else if request.minorVersion > 0 {
            return "no Host"
        }
        if request.method == "CONNECT" {
            // The authority form, and only here: left to the router to refuse with 405.
            guard HTTPAuthority(request.target)?.port != nil else { return "bad request target" }
            partial.request.path = request.target
            partial.request.query = nil
            return nil
        }
        if request.target == "*" {
            return request.method == "OPTIONS" ? nil : "asterisk form without OPTIONS"
        }
        guard request.target.utf8.first != UInt8(ascii: "/") else { return nil }
        return checkAbsoluteTarget(request.target)
    }

    /// `http://host/path`: what proxies are sent. The host must be the one that `Host` names.
    private mutating func checkAbsoluteTarget(_ target: String) -> String? {
        let bytes = target.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return "bad request target" }
        let scheme = ASCII.lowercased(target[..<colon])
        let rest = target[bytes.index(after: colon)...]
        guard scheme == "http" || scheme == "https", rest.utf8.starts(with: "//".utf8) else {
            return "bad request target"
        }
        let afterSlashes = rest.dropFirst(2)
        let delimiter = afterSlashes.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let authorityEnd = delimiter ?? afterSlashes.endIndex
        guard let authority = HTTPAuthority(String(afterSlashes[..<authorityEnd])) else { return "bad request target" }
        if let host = partial.request.host {
            guard host.host == authority.host, host.port(scheme: scheme) == authority.port(scheme: scheme) else {
                return "Host and request target disagree"
            }
        } else {
            partial.request.host = authority
        }
        let (path, query) = HTTPRequest.split(String(afterSlashes[authorityEnd...]))
        partial.request.path = path.isEmpty ? "/" : path
        partial.request.query = query
        return nil
    }
}
