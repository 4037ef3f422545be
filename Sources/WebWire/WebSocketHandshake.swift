/// The opening handshake, the server's side (RFC 6455 §4.2).
package enum WebSocketHandshake {
    /// How a handshake ends.
    package enum Outcome: Sendable, Equatable {
        /// Send this 101, then speak WebSocket; bytes behind the request belong to the WebSocket decoder.
        case accept(HTTPResponse)
        /// Send this error; HTTP goes on.
        case refuse(HTTPResponse)
    }

    /// Whether a request asks for WebSocket. An upgrade to anything else is ignored: a server may (RFC 9110 §7.8).
    package static func isUpgrade(_ request: HTTPRequest) -> Bool {
        request.minorVersion > 0 && request.headers.hasToken("Upgrade", "websocket")
    }

    /// Checks a request and makes the answer. No extension is ever negotiated. Whether the origin may connect is the
    /// caller's to judge, before.
    /// - Parameter subprotocol: the one that must be among those offered (RFC 7395 §3.1: `xmpp`).
    package static func respond(to request: HTTPRequest, subprotocol: String) -> Outcome {
        let headers = request.headers
        guard request.method == "GET" else {
            return refuse(.methodNotAllowed, "WebSocket begins with GET", ["Allow": "GET"])
        }
        guard isUpgrade(request), headers.hasToken("Connection", "upgrade") else {
            return refuse(.badRequest, "not a WebSocket handshake")
        }
        guard request.body.isEmpty else { return refuse(.badRequest, "a handshake has no body") }
        guard headers.values("Sec-WebSocket-Version") == ["13"] else {
            let known: HTTPHeaders = ["Sec-WebSocket-Version": "13", "Upgrade": "websocket"]
            return refuse(.upgradeRequired, "WebSocket version 13 is spoken here", known)
        }
        let keys = headers.values("Sec-WebSocket-Key")
        guard let key = keys.first, keys.count == 1, Base64.decode(key)?.count == 16 else {
            return refuse(.badRequest, "bad Sec-WebSocket-Key")
        }
        guard headers.tokens("Sec-WebSocket-Protocol").contains(subprotocol) else {
            return refuse(.badRequest, "the subprotocol \(subprotocol) must be offered")
        }
        return .accept(
            HTTPResponse(
                status: .switchingProtocols,
                headers: [
                    "Upgrade": "websocket",
                    "Sec-WebSocket-Accept": accept(key: key),
                    "Sec-WebSocket-Protocol": subprotocol,
                ]))
    }

    /// The proof that the server understood the key (§4.2.2, step 5.4).
    package static func accept(key: String) -> String {
        Base64.encode(Digest.sha1(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    private static func refuse(_ status: HTTPStatus, _ text: String, _ headers: HTTPHeaders = [:]) -> Outcome {
        .refuse(HTTPResponse(status: status, text: text + "\n", headers: headers))
    }
}
