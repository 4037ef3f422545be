/// Where a server is, and how it is spoken to.
package struct Endpoint: Sendable {
    enum Dialect: Sendable {
        /// Stream, SASL ANONYMOUS, binding, rooms.
        case xmpp
        /// The floor: it takes stanzas at once.
        case bare
    }

    var port: UInt16
    /// What it speaks.
    var dialect = Dialect.xmpp
    var usesTLS = false
    var webSocketPath = "/xmpp-websocket"
    var boshPath = "/http-bind"
    /// What `<open to=…>` names.
    var domain = "localhost"
    /// The domain of the rooms.
    var service = "rooms.localhost"

    package init(
        port: UInt16, webSocketPath: String, boshPath: String, domain: String = "localhost",
        service: String = "rooms.localhost"
    ) {
        self.init(port: port, domain: domain, service: service)
        self.webSocketPath = webSocketPath
        self.boshPath = boshPath
    }

    init(
        port: UInt16, dialect: Dialect = .xmpp, usesTLS: Bool = false, domain: String = "localhost",
        service: String = "rooms.localhost"
    ) {
        self.port = port
        self.dialect = dialect
        self.usesTLS = usesTLS
        self.domain = domain
        self.service = service
    }

    /// Which of those it is whom the server serves one after the other: their rooms differ, since it may not yet have noticed
    /// that the last are gone.
    var generation = 0

    func room(_ number: Int) -> String { "room\(generation)-\(number)@\(service)" }
}
