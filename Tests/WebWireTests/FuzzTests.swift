import SeededTesting
import Testing
import WebWire

/// Bounded and reproducible: a failure names the seed of its round.
@Suite struct FuzzTests {
    private let special: [UInt8] = [0, 10, 13, 32, 44, 58, 59, 126, 255]

    private static let rounds = 3000
    private static let limits = HTTPLimits(head: 400, uri: 60, body: 60, headerCount: 8, readAhead: 400)

    @Test func noBytesBreakTheHTTPDecoder() {
        let samples = (HTTPSample.accepted + HTTPSample.refused).map(\.bytes).filter { $0.count < 400 }
        for round in 0..<Self.rounds {
            let seed = UInt64(round) &+ 0x4854_5450
            var generator = SeededGenerator(seed: seed)
            var wire: [UInt8] = []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                wire += generator.mutated(samples.randomElement(using: &generator) ?? [], special: special)
            }
            if round % 10 == 0 { wire = generator.bytes(Int.random(in: 0...200, using: &generator)) }
            checkHTTP(wire, pieces: generator.pieces(wire), seed: seed)
        }
    }

    private func checkHTTP(_ wire: [UInt8], pieces: [[UInt8]], seed: UInt64) {
        var decoder = HTTPRequestDecoder(limits: Self.limits)
        var requests: [HTTPRequest] = []
        var failure: HTTPRequestDecoder.Event?
        for piece in pieces {
            decoder.receive(piece.span)
            #expect(decoder.bufferedCount <= Self.limits.buffered, "seed \(seed)")
            loop: while true {
                let event = decoder.next()
                switch event {
                case .needMore:
                    #expect(failure == nil, "seed \(seed)")
                    break loop
                case .expectContinue:
                    #expect(failure == nil && decoder.phase == .body, "seed \(seed)")
                case .request(let request):
                    #expect(failure == nil && requests.last?.keepAlive != false, "seed \(seed)")
                    #expect(request.body.count <= Self.limits.body, "seed \(seed)")
                    #expect(request.target.utf8.count <= Self.limits.uri, "seed \(seed)")
                    #expect(request.headers.fields.count <= Self.limits.headerCount, "seed \(seed)")
                    #expect(request.headers.values("Host").count == 1 || request.minorVersion == 0, "seed \(seed)")
                    _ = WebSocketHandshake.respond(to: request, subprotocol: "xmpp")
                    _ = PercentDecoding.decodePath(request.path)
                    _ = QueryItems(request.query ?? "")
                    _ = AcceptEncoding.allowsGzip(request.headers)
                    requests.append(request)
                case .failure:
                    #expect(failure == nil || failure == event, "seed \(seed)")
                    failure = event
                    break loop
                }
            }
        }
        // However it is cut, it means the same.
        let events = Feed.http(pieces, limits: Self.limits)
        #expect(Feed.http(wire.map { [$0] }, limits: Self.limits) == events, "seed \(seed)")
        for request in requests {
            checkRoundTrip(request, seed: seed)
        }
    }

    /// A request written again in the plainest way reads the same.
    private func checkRoundTrip(_ request: HTTPRequest, seed: UInt64) {
        var text = "\(request.method) \(request.target) HTTP/1.\(request.minorVersion)\r\n"
        for field in request.headers.fields
        where !["transfer-encoding", "content-length"].contains(
            String(decoding: field.name.utf8.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }, as: UTF8.self))
        {
            text += "\(field.name): \(field.value)\r\n"
        }
        text += "Content-Length: \(request.body.count)\r\n\r\n"
        let again = Feed.http([Array(text.utf8) + request.body]).first?.request
        #expect(again?.method == request.method, "seed \(seed)")
        #expect(again?.path == request.path, "seed \(seed)")
        #expect(again?.query == request.query, "seed \(seed)")
        #expect(again?.host == request.host, "seed \(seed)")
        #expect(again?.body == request.body, "seed \(seed)")
        #expect(again?.keepAlive == request.keepAlive, "seed \(seed)")
    }

    @Test func noBytesBreakTheWebSocketDecoder() {
        let samples = (WebSocketSample.accepted + WebSocketSample.refused).map(\.wire).filter { $0.count < 200 }
        let limits = WebSocketLimits(message: 100, emptyFragments: 2, controlFrames: 2)
        for round in 0..<Self.rounds {
            let seed = UInt64(round) &+ 0x5753
            var generator = SeededGenerator(seed: seed)
            var wire: [UInt8] = []
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                wire += generator.mutated(samples.randomElement(using: &generator) ?? [], special: special)
            }
            if round % 10 == 0 { wire = generator.bytes(Int.random(in: 0...100, using: &generator)) }
            var decoder = WebSocketDecoder(limits: limits)
            var events: [WebSocketDecoder.Event] = []
            for piece in generator.pieces(wire) {
                events += decoder.receive(piece.span)
                #expect(decoder.bufferedCount <= limits.message + 125, "seed \(seed)")
            }
            #expect(Feed.webSocket([wire], limits: limits) == events, "seed \(seed)")
            #expect(Feed.webSocket(wire.map { [$0] }, limits: limits) == events, "seed \(seed)")
            for (index, event) in events.enumerated() {
                switch event {
                case .text(let text):
                    #expect(text.count <= limits.message, "seed \(seed)")
                    #expect(String(validating: text, as: UTF8.self) != nil, "seed \(seed)")
                case .ping(let payload), .pong(let payload):
                    #expect(payload.count <= 125, "seed \(seed)")
                case .close, .failure:
                    #expect(index == events.count - 1 && decoder.isFinished, "seed \(seed)")
                }
            }
        }
    }

    /// The standard library's own validation is the judge.
    @Test func textIsAcceptedExactlyWhenItIsUTF8() {
        let parts: [[UInt8]] = [
            [0x41], Array("ä".utf8), Array("€".utf8), Array("😀".utf8), [0x80], [0xBF], [0xC0], [0xC2], [0xE0], [0xA0],
            [0xED], [0x9F], [0xF0], [0x90], [0xF4], [0x8F], [0xF5], [0xFF], Array("sixteen letters!".utf8),
        ]
        for round in 0..<Self.rounds {
            let seed = UInt64(round) &+ 0x5554_4638
            var generator = SeededGenerator(seed: seed)
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                text += parts.randomElement(using: &generator) ?? []
            }
            let cut = Int.random(in: 0...text.count, using: &generator)
            let wire =
                WebSocketSample.frame(.text, Array(text.prefix(cut)), isFinal: false)
                + WebSocketSample.frame(.continuation, Array(text.dropFirst(cut)))
            let isValid = String(validating: text, as: UTF8.self) != nil
            let expected = isValid ? WebSocketDecoder.Event.text(text) : .failure(code: 1007, reason: "")
            #expect(Feed.webSocket(generator.pieces(wire)).map(\.plain) == [expected], "seed \(seed)")
        }
    }

    @Test func pathsThatAreAcceptedNameOneFileBelowTheirDirectory() {
        let parts = ["/", ".", "..", "%2e", "%2E", "%252e", "%2f", "%5c", "\\", "%00", "a", "%", "%c3%a4", "%c3", "//"]
        for round in 0..<Self.rounds {
            let seed = UInt64(round) &+ 0x5041_5448
            var generator = SeededGenerator(seed: seed)
            let path = "/" + (0..<6).compactMap { _ in parts.randomElement(using: &generator) }.joined()
            for segment in PercentDecoding.decodePath(path) ?? [] {
                #expect(segment != "." && segment != ".." && !segment.contains(where: "/\\\0".contains), "seed \(seed)")
            }
        }
    }
}
