/// The scheme and authority under which clients reach the server.
struct PublicBase: Hashable, Sendable {
    let isSecure: Bool
    let authority: String

    init(isSecure: Bool, authority: String) {
        self.isSecure = isSecure
        self.authority = authority
    }

    /// From `https://host[:port]`, as the configuration checked it.
    init?(url: String) {
        for (scheme, isSecure) in [("https://", true), ("http://", false)] where url.hasPrefix(scheme) {
            self.init(isSecure: isSecure, authority: String(url.dropFirst(scheme.count)))
            return
        }
        return nil
    }

    var url: String { (isSecure ? "https://" : "http://") + authority }
    var boshURL: String { url + Routes.boshPath }
    var webSocketURL: String { (isSecure ? "wss://" : "ws://") + authority + Routes.webSocketPath }
}
