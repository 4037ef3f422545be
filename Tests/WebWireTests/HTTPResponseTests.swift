import Testing
import WebWire

@Suite struct HTTPResponseTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func anAnswerIsWrittenWithItsFraming() {
        let response = HTTPResponse(
            status: .ok, headers: ["Content-Type": "a/b", "ETag": "\"x\""], body: [0x68, 0x69])
        #expect(
            text(response.serialized(keepAlive: true, date: "Sun, 06 Nov 1994 08:49:37 GMT")) == """
                HTTP/1.1 200 OK\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Content-Type: a/b\r
                ETag: "x"\r
                X-Content-Type-Options: nosniff\r
                Content-Length: 2\r
                \r
                hi
                """)
    }

    @Test func anAnswerToHeadHasTheLengthAndNoBody() {
        let text = text(HTTPResponse(status: .ok, text: "hello").serialized(omitBody: true, keepAlive: true))
        #expect(text.contains("\r\nContent-Length: 5\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [HTTPStatus.noContent, .notModified, .switchingProtocols])
    func someAnswersHaveNoBodyAndNoLength(status: HTTPStatus) {
        let text = text(HTTPResponse(status: status, headers: ["ETag": "\"x\""], body: [1]).serialized(keepAlive: true))
        #expect(!text.contains("Content-Length"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test(
        arguments: [
            ("1.1 stays", true, 1, nil), ("1.1 closes", false, 1, "close"), ("1.0 stays", true, 0, "keep-alive"),
            ("1.0 closes", false, 0, "close"),
        ] as [(String, Bool, Int, String?)])
    func theClientIsToldWhatBecomesOfTheConnection(name: String, keepAlive: Bool, minor: Int, option: String?) {
        let text = text(HTTPResponse(status: .ok).serialized(keepAlive: keepAlive, minorVersion: minor))
        #expect(text.contains("\r\nConnection:") == (option != nil))
        if let option { #expect(text.contains("\r\nConnection: \(option)\r\n")) }
    }

    @Test func theCallerCannotBreakTheFraming() {
        let headers: HTTPHeaders = [
            "Content-Length": "99", "transfer-encoding": "chunked", "CONNECTION": "x", "Date": "x",
            "X-Content-Type-Options": "x", "Bad\r\nName": "x", "Bad": "x\r\nInjected: y", "NUL": "\0", "A": "b",
        ]
        #expect(headers.fields.count == 6)
        let text = text(HTTPResponse(status: .ok, headers: headers).serialized(keepAlive: true, date: "a\r\nb"))
        #expect(
            text == """
                HTTP/1.1 200 OK\r
                A: b\r
                X-Content-Type-Options: nosniff\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: 0\r
                \r

                """)
    }

    @Test func everyAnswerWithABodyHasATypeAndNosniff() {
        for status in [HTTPStatus.ok, .notFound, .badRequest, .upgradeRequired] {
            let text = text(HTTPResponse(status: status, body: [1]).serialized(keepAlive: true))
            #expect(text.contains("\r\nContent-Type: text/plain; charset=utf-8\r\n"))
            #expect(text.contains("\r\nX-Content-Type-Options: nosniff\r\n"))
            #expect(!text.contains("Server:"))
        }
    }

    @Test func aStatusOutsideOfTheRangeIsAServerError() {
        #expect(HTTPStatus(99).code == 500)
        #expect(HTTPStatus(600).code == 500)
        #expect(HTTPStatus(-1).code == 500)
        #expect(HTTPStatus(418).description == "418 Unknown")
    }
}
