/// Where the server listens.
package struct ListenAddress: Hashable, Sendable {
    /// Nil: every address of the machine.
    package let address: IPAddress?
    package let port: Int

    /// 127.0.0.1:8080.
    package static let standard = ListenAddress(address: .v4(0x7F00_0001), port: 8_080)

    /// Parses `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, and `:8080` or `*:8080` for every address. Port 0 lets
    /// the system choose.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ ASCII.digit($0) != nil }),
            let port = Int(digits), port <= 65_535
        else { return nil }
        self.port = port
        let host = text[..<colon]
        if host.isEmpty || host == "*" {
            address = nil
        } else if host == "localhost" {
            address = Self.standard.address
        } else if host.hasPrefix("["), host.hasSuffix("]"), let parsed = IPAddress(host.dropFirst().dropLast()),
            case .v6 = parsed
        {
            address = parsed
        } else if let parsed = IPAddress(host), case .v4 = parsed {
            address = parsed
        } else {
            return nil
        }
    }

    private init(address: IPAddress?, port: Int) {
        self.address = address
        self.port = port
    }

    /// The address as text without brackets; nil for every address of the machine.
    package var host: String? { address?.description }

    /// Whether only this machine can connect.
    package var isLoopback: Bool { address?.isLoopback ?? false }
}

extension ListenAddress: CustomStringConvertible {
    /// As it is configured.
    package var description: String {
        switch address {
        case nil: ":\(port)"
        case .v4(let value)?: "\(IPAddress.v4(value)):\(port)"
        case .some(let address): "[\(address)]:\(port)"
        }
    }
}
