/// One answer.
package struct HTTPResponse: Sendable, Equatable {
    package var status: HTTPStatus
    /// The caller's fields. Those that frame the message (`Content-Length`, `Transfer-Encoding`, `Connection`,
    /// `Date`, `X-Content-Type-Options`) are written by `serialize` and ignored here.
    package var headers: HTTPHeaders
    package var body: [UInt8]

    /// An answer from its parts.
    package init(status: HTTPStatus, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer for humans: one line of plain text.
    package init(status: HTTPStatus, text: String, headers: HTTPHeaders = [:]) {
        self.init(status: status, headers: headers, body: Array(text.utf8))
        self.headers.set("Content-Type", "text/plain; charset=utf-8")
    }

    /// `HTTP/1.1 100 Continue`, complete: what `HTTPRequestDecoder.Event.expectContinue` asks for.
    package static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// Appends the answer as bytes.
    ///
    /// `Content-Length` is always written, with the length of the body even when the body itself is left out (HEAD,
    /// RFC 9110 §9.3.2), except for 1xx, 204 and 304, which have none and no body either. `nosniff` is always
    /// written; a body without a type is `text/plain`.
    /// - Parameters:
    ///   - omitBody: the request was HEAD.
    ///   - keepAlive: the connection stays open; else `Connection: close` is written.
    ///   - minorVersion: the request's; a client of HTTP/1.0 must be told that the connection stays open.
    ///   - date: the value of `Date`, see `HTTPDate`; nil leaves it out.
    package func serialize(
        omitBody: Bool = false,
        keepAlive: Bool,
        minorVersion: Int = 1,
        date: String? = nil,
        into output: inout [UInt8]
    ) {
        func write(_ name: String, _ value: String) {
            output.append(contentsOf: name.utf8)
            output.append(contentsOf: ": ".utf8)
            output.append(contentsOf: value.utf8)
            output.append(contentsOf: "\r\n".utf8)
        }
        output.append(contentsOf: "HTTP/1.1 ".utf8)
        output.append(contentsOf: status.description.utf8)
        output.append(contentsOf: "\r\n".utf8)
        if let date, HTTPHeaders.isValue(date) { write("Date", date) }
        var hasType = false
        var hasUpgrade = false
        for field in headers.fields where !Self.isWrittenHere(field.name) {
            if ASCII.equalIgnoringCase(field.name, "Content-Type") { hasType = true }
            if ASCII.equalIgnoringCase(field.name, "Upgrade") { hasUpgrade = true }
            write(field.name, field.value)
        }
        write("X-Content-Type-Options", "nosniff")
        var options: [String] = []
        // An answer that switches protocols ends HTTP on this connection without closing it.
        if status.code != 101 {
            if !keepAlive {
                options.append("close")
            } else if minorVersion == 0 {
                options.append("keep-alive")
            }
        }
        if hasUpgrade { options.append("Upgrade") }
        if !options.isEmpty { write("Connection", options.joined(separator: ", ")) }
        if status.allowsBody {
            if !hasType { write("Content-Type", "text/plain; charset=utf-8") }
            write("Content-Length", String(body.count))
        }
        output.append(contentsOf: "\r\n".utf8)
        if status.allowsBody, !omitBody { output.append(contentsOf: body) }
    }

    /// The answer as bytes of its own, see `serialize`.
    package func serialized(
        omitBody: Bool = false, keepAlive: Bool, minorVersion: Int = 1, date: String? = nil
    ) -> [UInt8] {
        var output: [UInt8] = []
        serialize(omitBody: omitBody, keepAlive: keepAlive, minorVersion: minorVersion, date: date, into: &output)
        return output
    }

    private static func isWrittenHere(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: ASCII.equalIgnoringCase(name, "Date")
        case 10: ASCII.equalIgnoringCase(name, "Connection")
        case 14: ASCII.equalIgnoringCase(name, "Content-Length")
        case 17: ASCII.equalIgnoringCase(name, "Transfer-Encoding")
        case 22: ASCII.equalIgnoringCase(name, "X-Content-Type-Options")
        default: false
        }
    }
}
