import Testing
import WebWire

@Suite struct HTTPLimitsTests {
    private let limits = HTTPLimits(head: 100, uri: 20, body: 30, headerCount: 3, method: 8)

    private func expect(_ statuses: [Int?], _ wire: String, _ comment: Comment? = nil) {
        let bytes = Array(wire.utf8)
        for pieces in Feed.cuts(bytes) {
            #expect(Feed.http(pieces, limits: limits).map(\.status) == statuses, comment)
        }
    }

    /// A request whose head has exactly this many bytes.
    private func head(of count: Int) -> String {
        let begin = "GET / HTTP/1.1\r\nHost: a\r\nA: "
        return begin + String(repeating: "x", count: count - begin.utf8.count - 4) + "\r\n\r\n"
    }

    @Test func aHeadMayFillItsLimitAndNotMore() {
        expect([nil], head(of: 100))
        expect([431], head(of: 101))
        expect([431], head(of: 300))
    }

    @Test func aHeadWithoutEndIsRefusedBeforeItIsBuffered() {
        expect([431], "GET / HTTP/1.1\r\nHost: a\r\nA: " + String(repeating: "x", count: 72))
    }

    @Test func aTargetMayFillItsLimitAndNotMore() {
        let path = String(repeating: "x", count: 19)
        expect([nil], "GET /\(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        expect([414], "GET /\(path)x HTTP/1.1\r\nHost: a\r\n\r\n")
        expect([414], "GET /\(path)" + String(repeating: "x", count: 100))
    }

    @Test func aMethodMayFillItsLimitAndNotMore() {
        expect([nil], "EIGHTABC / HTTP/1.1\r\nHost: a\r\n\r\n")
        expect([400], "NINEABCDE / HTTP/1.1\r\nHost: a\r\n\r\n")
        expect([400], String(repeating: "x", count: 100))
    }

    @Test func aRequestLineBeyondTheHeadIsRefusedAsHead() {
        let small = HTTPLimits(head: 20, uri: 4096)
        #expect(Feed.http("GET /" + String(repeating: "x", count: 30), limits: small).map(\.status) == [431])
    }

    @Test func fieldsAreCounted() {
        expect([nil], "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\n\r\n")
        expect([431], "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nA: b\r\nA: b\r\n\r\n")
    }

    @Test func aBodyMayFillItsLimitAndNotMore() {
        let body = String(repeating: "x", count: 30)
        expect([nil], HTTPSample.post("", "Content-Length: 30", body: body).wire)
        expect([413], HTTPSample.post("", "Content-Length: 31").wire, "as soon as it is announced")
        expect([nil], HTTPSample.post("", HTTPSample.chunked, body: "1e\r\n\(body)\r\n0\r\n\r\n").wire)
        expect([413], HTTPSample.post("", HTTPSample.chunked, body: "1f\r\n").wire, "as soon as it is announced")
        expect([413], HTTPSample.post("", HTTPSample.chunked, body: "1e\r\n\(body)\r\n1\r\n").wire)
    }

    @Test func trailersHaveTheLimitsOfAHead() {
        let begin = HTTPSample.post("", HTTPSample.chunked, body: "0\r\n").wire
        expect([431], begin + "A: " + String(repeating: "x", count: 97))
        expect([nil], begin + "A: b\r\nA: b\r\nA: b\r\n\r\n")
        expect([431], begin + "A: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n")
    }

    @Test func whatIsSentAheadOfTheAnswerIsBounded() {
        let limits = HTTPLimits(head: 100, uri: 20, body: 30, readAhead: 20)
        var decoder = HTTPRequestDecoder(limits: limits)
        let request = Array(HTTPSample.get("").wire.utf8)
        for _ in 0..<1000 {
            decoder.receive(request.span)
            #expect(decoder.bufferedCount <= limits.buffered)
        }
        var served = 0
        while decoder.next().request != nil { served += 1 }
        #expect(served == limits.buffered / request.count)
        #expect(decoder.next().status == 413)
        #expect(decoder.bufferedCount == 0)
    }

    @Test func theDefaultLimitsAreThoseOfTheReference() {
        let limits = HTTPLimits()
        #expect(limits.head == 8192)
        #expect(limits.uri == 4096)
        #expect(limits.body == 69632)
        let body = String(repeating: "x", count: 69632)
        #expect(Feed.http(HTTPSample.post("", "Content-Length: 69632", body: body).wire).first?.request != nil)
        #expect(Feed.http(HTTPSample.post("", "Content-Length: 69633").wire).map(\.status) == [413])
    }
}
