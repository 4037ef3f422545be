import ArgumentParser
import Bench

/// A server that runs already, on this machine: any that speaks RFC 7395, SASL ANONYMOUS and XEP-0045.
struct AttachOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Measure a server that runs already: its process.", valueName: "pid"))
    var attach: Int32?

    @Option(name: .customLong("as"), help: ArgumentHelp("In whose column of the table.", valueName: "server"))
    var column: ServerKind = .samepage

    @Option(help: "Its port on 127.0.0.1, without TLS.")
    var port: UInt16 = 8080

    @Option(help: "The domain of its visitors.")
    var domain = "localhost"

    @Option(help: "The domain of its rooms.")
    var rooms = "rooms.localhost"

    @Option(help: "Where it speaks WebSocket.")
    var webSocketPath = "/xmpp-websocket"

    @Option(help: "Where it speaks BOSH.")
    var boshPath = "/http-bind"

    var server: AttachedServer? {
        attach.map { pid in
            let endpoint = Endpoint(
                port: port, webSocketPath: webSocketPath, boshPath: boshPath, domain: domain, service: rooms)
            return AttachedServer(column, pid: pid, endpoint: endpoint)
        }
    }
}
