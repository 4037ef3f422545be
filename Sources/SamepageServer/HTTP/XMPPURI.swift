import Foundation

/// `xmpp:` URIs (RFC 5122, XEP-0147).
enum XMPPURI {
    private static let unescaped = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@")

    /// A link that makes a client join this room.
    static func join(_ jid: String) -> String {
        "xmpp:" + (jid.addingPercentEncoding(withAllowedCharacters: unescaped) ?? "") + "?join"
    }
}
