import WebWire

/// Feeds decoders whole, at every split, and byte by byte.
enum Feed {
    static func cuts(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var ways = [[bytes], bytes.map { [$0] }]
        for index in bytes.indices.dropFirst() {
            ways.append([Array(bytes[..<index]), Array(bytes[index...])])
        }
        return ways
    }

    /// What a decoder makes of pieces, until it fails or wants more. Invitations to continue depend on the timing
    /// and are left out.
    static func http(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) -> [HTTPRequestDecoder.Event] {
        var decoder = HTTPRequestDecoder(limits: limits)
        var events: [HTTPRequestDecoder.Event] = []
        for piece in pieces {
            decoder.receive(piece.span)
            loop: while true {
                let event = decoder.next()
                switch event {
                case .needMore:
                    break loop
                case .expectContinue:
                    continue
                case .request:
                    events.append(event)
                case .failure:
                    if events.last != event { events.append(event) }
                    break loop
                }
            }
        }
        return events
    }

    static func http(_ text: String, limits: HTTPLimits = HTTPLimits()) -> [HTTPRequestDecoder.Event] {
        http([Array(text.utf8)], limits: limits)
    }

    static func webSocket(
        _ pieces: [[UInt8]], limits: WebSocketLimits = WebSocketLimits()
    ) -> [WebSocketDecoder.Event] {
        var decoder = WebSocketDecoder(limits: limits)
        return pieces.flatMap { decoder.receive($0.span) }
    }
}

extension HTTPRequestDecoder.Event {
    var request: HTTPRequest? {
        guard case .request(let request) = self else { return nil }
        return request
    }

    var status: Int? {
        guard case .failure(let status, _) = self else { return nil }
        return status.code
    }
}
