import Testing

@testable import Bench

@Suite struct HTTPAnswerTests {
    private static let answer = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 7\r\n\r\n<body/>".utf8)

    @Test func theBodyIsFoundWhenAllOfItIsThere() throws {
        for end in 0..<Self.answer.count { #expect(try Self.next(Array(Self.answer[..<end])) == nil, "cut at \(end)") }
        let found = try #require(try Self.next(Self.answer))
        #expect(Self.answer[found.body].elementsEqual("<body/>".utf8))
    }

    @Test func anAnswerBehindAnotherIsFound() throws {
        let two = Self.answer + Self.answer
        let first = try #require(try Self.next(two))
        let second = try #require(try Self.next(two, from: first.body.upperBound))
        #expect(second.body.upperBound == two.count)
    }

    @Test(arguments: ["content-length", "Content-length"])
    func theNameOfAHeaderHasNoCase(_ name: String) throws {
        let answer = Array("HTTP/1.1 200 OK\r\n\(name): 2\r\n\r\nab".utf8)
        #expect(try Self.next(answer)?.body.count == 2)
    }

    @Test(arguments: ["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"])
    func whatIsNoAnswerOfASessionIsAFailure(_ text: String) {
        #expect(throws: BenchFailure.self) { try Self.next(Array(text.utf8)) }
    }

    private static func next(_ bytes: [UInt8], from start: Int = 0) throws -> HTTPAnswer? {
        try bytes.withUnsafeBytes { bytes throws(BenchFailure) in try HTTPAnswer.next(in: bytes, from: start) }
    }
}
