/// Why a URL, or a name asked for, is no page address.
package enum PageAddressError: Error, Hashable, Sendable {
    /// The URL is longer than `PageAddress.maximumURLLength` bytes.
    case tooLong
    /// The URL has no scheme, or one that is neither http nor https.
    case notAWebPage
    /// The URL has a user name or password.
    case credentials
    /// The host is missing, or cannot be a host's name or address.
    case badHost(String)
    /// The port is no number from 0 to 65535.
    case badPort
    /// The site list does not have the host.
    case hostNotAllowed(String)
    /// The room's name is not 1 to 64 letters, digits, `-`, `_` or `.`.
    case badRoomName
}

extension PageAddressError: CustomStringConvertible {
    /// One line for people: what is wrong and what is allowed.
    package var description: String {
        switch self {
        case .tooLong: "the URL is longer than \(PageAddress.maximumURLLength) bytes"
        case .notAWebPage: "not a web page: the URL must begin with http:// or https://"
        case .credentials: "the URL contains a user name or password"
        case .badHost(let host): host.isEmpty ? "the URL has no host" : "\(host.debugDescription) is no valid host"
        case .badPort: "the port is not a number from 0 to 65535"
        case .hostNotAllowed(let host): "\(host) is not among the configured sites"
        case .badRoomName: "a room's name has 1 to 64 letters, digits, '-', '_' or '.'"
        }
    }
}
