import Testing
import WebWire

@Suite struct WebSocketHandshakeTests {
    private static let fields = [
        "Host: a", "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: xmpp",
        "Sec-WebSocket-Extensions: permessage-deflate",
    ]

    /// A right handshake but for the fields of these names, which are replaced by those lines.
    private static func outcome(
        line: String = "GET /xmpp-websocket HTTP/1.1", replacing name: String = "", by lines: [String] = [],
        body: String = ""
    ) throws -> WebSocketHandshake.Outcome {
        let kept = fields.filter { name.isEmpty || !$0.hasPrefix(name + ":") }
        let wire = ([line] + kept + lines + ["", ""]).joined(separator: "\r\n") + body
        let request = try #require(Feed.http(wire).first?.request)
        return WebSocketHandshake.respond(to: request, subprotocol: "xmpp")
    }

    private func response(_ outcome: WebSocketHandshake.Outcome) -> HTTPResponse {
        switch outcome {
        case .accept(let response), .refuse(let response): response
        }
    }

    @Test func theAcceptValueIsThatOfTheRFC() throws {
        #expect(WebSocketHandshake.accept(key: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        guard case .accept(let response) = try Self.outcome() else {
            Issue.record("refused")
            return
        }
        let text = String(decoding: response.serialized(keepAlive: true), as: UTF8.self)
        #expect(
            text == """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                Sec-WebSocket-Protocol: xmpp\r
                X-Content-Type-Options: nosniff\r
                Connection: Upgrade\r
                \r

                """)
    }

    @Test(arguments: [
        ("other cases", "Upgrade", ["Upgrade: WebSocket"]),
        ("one of many upgrades", "Upgrade", ["Upgrade: h2c, websocket"]),
        ("one of many options", "Connection", ["Connection: keep-alive", "Connection: UPGRADE"]),
        ("one of many subprotocols", "Sec-WebSocket-Protocol", ["Sec-WebSocket-Protocol: chat, xmpp"]),
        (
            "subprotocols in several fields", "Sec-WebSocket-Protocol",
            ["Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: xmpp"]
        ),
        ("length 0", "-", ["Content-Length: 0"]),
    ])
    func aCorrectHandshakeIsAccepted(name: String, field: String, lines: [String]) throws {
        let response = response(try Self.outcome(replacing: field, by: lines))
        #expect(response.status == .switchingProtocols)
        #expect(response.headers.values("Sec-WebSocket-Protocol") == ["xmpp"])
        #expect(!response.headers.contains("Sec-WebSocket-Extensions"))
    }

    @Test(arguments: [
        ("no version", "Sec-WebSocket-Version", [], 426),
        ("version 8", "Sec-WebSocket-Version", ["Sec-WebSocket-Version: 8"], 426),
        ("version 013", "Sec-WebSocket-Version", ["Sec-WebSocket-Version: 013"], 426),
        ("two versions", "-", ["Sec-WebSocket-Version: 13"], 426),
        ("no key", "Sec-WebSocket-Key", [], 400),
        ("two keys", "-", ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], 400),
        ("a key of 3 bytes", "Sec-WebSocket-Key", ["Sec-WebSocket-Key: AQID"], 400),
        ("a key of 15 bytes", "Sec-WebSocket-Key", ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA"], 400),
        ("a key without padding", "Sec-WebSocket-Key", ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ"], 400),
        ("a key that is no base64", "Sec-WebSocket-Key", ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q=="], 400),
        ("no subprotocol", "Sec-WebSocket-Protocol", [], 400),
        ("another subprotocol", "Sec-WebSocket-Protocol", ["Sec-WebSocket-Protocol: chat"], 400),
        ("a subprotocol in other case", "Sec-WebSocket-Protocol", ["Sec-WebSocket-Protocol: XMPP"], 400),
        ("no upgrade", "Upgrade", [], 400),
        ("upgrade to h2c", "Upgrade", ["Upgrade: h2c"], 400),
        ("no connection option", "Connection", [], 400),
        ("another connection option", "Connection", ["Connection: keep-alive"], 400),
    ])
    func aBrokenHandshakeIsRefused(name: String, field: String, lines: [String], status: Int) throws {
        let response = response(try Self.outcome(replacing: field, by: lines))
        #expect(response.status.code == status)
        #expect(response.headers.first("Sec-WebSocket-Version") == (status == 426 ? "13" : nil))
        #expect(!response.headers.contains("Sec-WebSocket-Accept"))
    }

    @Test func onlyGetOfHTTP11WithoutABodyIsAccepted() throws {
        #expect(response(try Self.outcome(line: "POST / HTTP/1.1")).status == .methodNotAllowed)
        #expect(response(try Self.outcome(line: "POST / HTTP/1.1")).headers.first("Allow") == "GET")
        #expect(response(try Self.outcome(line: "GET / HTTP/1.0")).status == .badRequest)
        #expect(response(try Self.outcome(replacing: "-", by: ["Content-Length: 1"], body: "x")).status == .badRequest)
    }

    @Test(arguments: [
        ("websocket", "websocket", true), ("in a list", "h2c, WebSocket", true), ("h2c", "h2c", false),
        ("a longer name", "websockets", false),
    ])
    func onlyWebSocketIsAnUpgrade(name: String, value: String, isUpgrade: Bool) {
        let request = HTTPRequest(method: "GET", target: "/", headers: ["Upgrade": value])
        #expect(WebSocketHandshake.isUpgrade(request) == isUpgrade)
    }

    @Test func aRefusalOfTheVersionNamesOurs() throws {
        let response = response(try Self.outcome(replacing: "Sec-WebSocket-Version"))
        let text = String(decoding: response.serialized(keepAlive: false), as: UTF8.self)
        #expect(text.contains("\r\nSec-WebSocket-Version: 13\r\n"))
        #expect(text.contains("\r\nConnection: close, Upgrade\r\n"))
    }
}
