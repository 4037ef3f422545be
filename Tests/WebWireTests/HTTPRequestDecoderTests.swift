import Testing
import WebWire

@Suite struct HTTPRequestDecoderTests {
    @Test(arguments: HTTPSample.accepted)
    func aCorrectRequestIsReadHoweverItIsCut(sample: HTTPSample) throws {
        let whole = Feed.http(sample.wire)
        #expect(whole.count == 1)
        _ = try #require(whole.first?.request)
        for pieces in Feed.cuts(sample.bytes) {
            #expect(Feed.http(pieces) == whole)
        }
    }

    @Test(arguments: HTTPSample.refused)
    func aBrokenRequestIsRefusedHoweverItIsCut(sample: HTTPSample) {
        let whole = Feed.http(sample.wire)
        #expect(whole.map(\.status) == [sample.status])
        for pieces in Feed.cuts(sample.bytes) {
            #expect(Feed.http(pieces) == whole)
        }
    }

    @Test(arguments: HTTPSample.accepted)
    func anUnfinishedRequestYieldsNothing(sample: HTTPSample) {
        for count in sample.bytes.indices {
            #expect(Feed.http([Array(sample.bytes.prefix(count))]).isEmpty)
        }
    }

    @Test(arguments: HTTPSample.accepted)
    func aRequestBehindAnotherIsServedUnlessTheFirstCloses(sample: HTTPSample) throws {
        let first = try #require(Feed.http(sample.wire).first?.request)
        let events = Feed.http(sample.wire + "GET /second HTTP/1.1\r\nHost: b\r\n\r\n")
        #expect(events.first?.request == first)
        if first.keepAlive {
            #expect(events.count == 2)
            #expect(events.last?.request?.target == "/second")
        } else {
            #expect(events.count == 1)
        }
    }

    @Test func theRequestHasItsParts() throws {
        let wire =
            "PUT /a%20b?c=d?e HTTP/1.1\r\nHost: A.example:8080\r\nX-Y: one\r\nx-y:  two \r\n"
            + "Content-Length: 3\r\n\r\nabc"
        let request = try #require(Feed.http(wire).first?.request)
        #expect(request.method == "PUT")
        #expect(request.target == "/a%20b?c=d?e")
        #expect(request.path == "/a%20b")
        #expect(request.query == "c=d?e")
        #expect(request.host?.description == "a.example:8080")
        #expect(request.minorVersion == 1)
        #expect(request.headers.values("X-Y") == ["one", "two"])
        #expect(request.headers.fields.map(\.name) == ["Host", "X-Y", "x-y", "Content-Length"])
        #expect(request.body == Array("abc".utf8))
        #expect(request.keepAlive)
    }

    @Test(
        arguments: [
            ("GET /a HTTP/1.1", "/a", nil), ("GET /a? HTTP/1.1", "/a", ""), ("GET http://a/x?y HTTP/1.1", "/x", "y"),
            ("GET http://a HTTP/1.1", "/", nil), ("GET http://a?y HTTP/1.1", "/", "y"),
            ("OPTIONS * HTTP/1.1", "*", nil),
            ("CONNECT b:1 HTTP/1.1", "b:1", nil), ("GET //a/b HTTP/1.1", "//a/b", nil),
        ] as [(String, String, String?)])
    func everyFormOfTheTargetHasItsPath(line: String, path: String, query: String?) throws {
        let request = try #require(Feed.http(line + "\r\nHost: a\r\n\r\n").first?.request)
        #expect(request.path == path)
        #expect(request.query == query)
        #expect(request.host?.host == "a")
    }

    @Test(arguments: [
        ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "Connection: x, CLOSE\r\n", false),
        ("1.1", "Connection: x\r\nConnection: close\r\n", false), ("1.1", "Connection: keep-alive\r\n", true),
        ("1.1", "Connection: closed\r\n", true), ("1.0", "", false), ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
    ])
    func theConnectionStaysOpenAsVersionAndFieldSay(version: String, field: String, keepAlive: Bool) throws {
        let request = try #require(Feed.http("GET / HTTP/\(version)\r\nHost: a\r\n\(field)\r\n").first?.request)
        #expect(request.keepAlive == keepAlive)
    }

    @Test func chunksAreJoined() throws {
        let body = "5;x=y\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n"
        let request = try #require(Feed.http(HTTPSample.post("", HTTPSample.chunked, body: body).wire).first?.request)
        #expect(String(decoding: request.body, as: UTF8.self) == "hello world")
        #expect(!request.headers.contains("A"))
    }

    @Test func pipelinedRequestsWaitForTheirTurn() {
        var decoder = HTTPRequestDecoder()
        let first = HTTPSample.post("", "Content-Length: 1", body: "1")
        let second = HTTPSample.post("", "Content-Length: 1", body: "2")
        decoder.receive((first.bytes + second.bytes).span)
        #expect(decoder.next().request?.body == Array("1".utf8))
        #expect(decoder.hasBufferedInput)
        #expect(decoder.next().request?.body == Array("2".utf8))
        #expect(!decoder.hasBufferedInput)
        #expect(decoder.isIdle)
        #expect(decoder.next() == .needMore)
    }

    @Test func eachRequestMayHaveOneEmptyLineBeforeIt() {
        let wire = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
        for pieces in Feed.cuts(Array((wire + wire + wire).utf8)) {
            #expect(Feed.http(pieces).compactMap(\.request).count == 3)
        }
        #expect(Feed.http(wire + "\r\n" + wire).map(\.status) == [nil, 400])
    }

    @Test func aByteWhileAnAnswerIsPendingShows() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(HTTPSample.post("", "Content-Length: 1", body: "1").bytes.span)
        #expect(decoder.next().request != nil)
        #expect(!decoder.hasBufferedInput)
        decoder.receive(([0x58] as [UInt8]).span)
        #expect(decoder.hasBufferedInput)
        #expect(!decoder.isIdle)
    }

    @Test func thePhaseFollowsTheRequest() {
        var decoder = HTTPRequestDecoder()
        func receive(_ text: String) {
            decoder.receive(Array(text.utf8).span)
            #expect(decoder.next() == .needMore)
        }
        #expect(decoder.phase == .idle)
        receive("P")
        #expect(decoder.phase == .head)
        receive("OST / HTTP/1.1\r\n")
        #expect(decoder.phase == .head)
        receive("Host: a\r\nContent-Length: 3\r\n\r\n")
        #expect(decoder.phase == .body)
        #expect(!decoder.isIdle)
        receive("ab")
        #expect(decoder.phase == .body)
        decoder.receive(Array("c".utf8).span)
        #expect(decoder.next().request != nil)
        #expect(decoder.phase == .idle)
        #expect(decoder.isIdle)
    }

    @Test func aClientThatWaitsWithItsBodyIsInvited() {
        for framing in ["Content-Length: 2", HTTPSample.chunked] {
            var decoder = HTTPRequestDecoder()
            decoder.receive(HTTPSample.post("", "Expect: 100-continue", framing).bytes.span)
            #expect(decoder.next() == .expectContinue)
            #expect(decoder.next() == .needMore)
        }
    }

    @Test func aClientThatDoesNotWaitIsNotInvited() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(HTTPSample.post("", "Expect: 100-continue", "Content-Length: 2", body: "o").bytes.span)
        #expect(decoder.next() == .needMore)
        decoder.receive(HTTPSample.post("", body: "k").bytes.span)
        #expect(decoder.next().request != nil)
        var bodiless = HTTPRequestDecoder()
        bodiless.receive(HTTPSample.post("", "Expect: 100-continue", "Content-Length: 0").bytes.span)
        #expect(bodiless.next().request != nil)
    }

    @Test func aClientThatWaitsWithTooLongABodyIsRefused() {
        let sample = HTTPSample.post("", "Expect: 100-continue", "Content-Length: 70000")
        #expect(Feed.http(sample.wire).map(\.status) == [413])
    }

    @Test func bytesBehindAnUpgradeAreHandedOver() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(Array((HTTPSample.get("").wire + "frames").utf8).span)
        #expect(decoder.next().request != nil)
        #expect(decoder.takeRemaining() == Array("frames".utf8))
        decoder.receive(HTTPSample.get("").bytes.span)
        #expect(decoder.next() == .needMore)
        #expect(decoder.takeRemaining().isEmpty)
    }

    @Test func afterAFailureNothingIsRead() {
        var decoder = HTTPRequestDecoder()
        decoder.receive(Array("bad\r\n".utf8).span)
        let failure = decoder.next()
        #expect(failure.status == 400)
        decoder.receive(HTTPSample.get("").bytes.span)
        #expect(decoder.next() == failure)
        #expect(decoder.bufferedCount == 0)
        #expect(decoder.isIdle)
    }
}
