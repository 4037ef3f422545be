import Testing
import WebWire

@Suite struct HTTPHeadersTests {
    @Test func namesAreComparedWithoutCase() {
        var headers: HTTPHeaders = ["A-B": "1", "c": "2", "a-b": "3"]
        #expect(headers.first("a-B") == "1")
        #expect(headers.values("A-b") == ["1", "3"])
        #expect(headers.contains("C"))
        #expect(!headers.contains("A"))
        headers.set("a-b", "4")
        #expect(headers.fields.map(\.name) == ["c", "a-b"])
        headers.remove("C")
        #expect(headers.values("c").isEmpty)
        #expect(!headers.isEmpty)
    }

    @Test(arguments: [
        ("CR", "a\rb"), ("LF", "a\nb"), ("CRLF", "a\r\nb"), ("NUL", "a\0b"), ("DEL", "a\u{7F}"),
        ("a blank before", " a"),
        ("a blank behind", "a\t"),
    ])
    func aValueThatCouldSplitAMessageIsRefused(name: String, value: String) {
        var headers: HTTPHeaders = ["A": "b"]
        let before = headers
        let added = headers.add("X", value)
        let set = headers.set("A", value)
        #expect(!added && !set)
        #expect(headers == before)
    }

    @Test(arguments: ["", "a b", "a:", "a\r\n", "ä", "a\0"])
    func aNameThatIsNoTokenIsRefused(name: String) {
        var headers = HTTPHeaders()
        let added = headers.add(name, "x")
        let set = headers.set(name, "x")
        #expect(!added && !set)
        #expect(headers.isEmpty)
    }

    @Test func listsAreReadOverSeveralFields() {
        let headers: HTTPHeaders = ["L": "a, b ,,c", "l": "d"]
        #expect(headers.tokens("L") == ["a", "b", "c", "d"])
        #expect(headers.hasToken("L", "B"))
        #expect(!headers.hasToken("L", "ab"))
        #expect(headers.tokens("M").isEmpty)
    }

    @Test(arguments: [
        ("gzip", "gzip", true), ("in a list", "br, GZIP", true), ("x-gzip", "x-gzip", true), ("a star", "*", true),
        ("weight 1", "gzip;q=1.000", true), ("a small weight", "gzip ; q=0.001", true), ("weight 0", "gzip;q=0", false),
        ("weight 0.000", "gzip;Q=0.000, *", false), ("a star of weight 0", "*;q=0", false),
        ("gzip but no star", "*;q=0, gzip", true), ("others", "br, deflate", false), ("nothing", "", false),
        ("a bad weight", "gzip;q=2", false), ("a weight over 1", "gzip;q=1.5", false), ("no weight", "gzip;q=", false),
        ("a long weight", "gzip;q=0.0001", false), ("another parameter", "gzip;x=1", false),
        ("a name that only begins so", "gzipped", false),
    ])
    func gzipIsUsedOnlyWhenItIsAccepted(name: String, value: String, allowed: Bool) {
        #expect(AcceptEncoding.allowsGzip(["Accept-Encoding": value]) == allowed)
    }

    @Test func withoutTheFieldThereIsNoGzip() {
        #expect(!AcceptEncoding.allowsGzip([:]))
    }

    @Test(arguments: [
        ("the tag", "\"x\"", true), ("weak", "W/\"x\"", true), ("a star", "*", true),
        ("in a list", "\"a\", \"x\"", true),
        ("another tag", "\"y\"", false), ("no quotes", "x", false), ("an open quote", "\"x", false),
        ("a comma in the tag", "\"a,\"x\"\"", false), ("a lower-case weak mark", "w/\"x\"", false),
        ("a star in a list", "\"a\", *", false), ("nothing", "", false), ("text behind", "\"x\"y", false),
        ("empty members", ", ,\"x\",", true), ("broken behind", "\"x\", y", false),
    ])
    func aTagIsMatchedWeakly(name: String, value: String, matches: Bool) {
        #expect(ETag.matches(["If-None-Match": value], current: "\"x\"") == matches)
        #expect(ETag.matches(["If-None-Match": value], current: "W/\"x\"") == matches)
    }

    @Test func tagsMayBeSpreadOverFields() {
        #expect(ETag.matches(["If-None-Match": "\"a\"", "if-none-match": "\"x\""], current: "\"x\""))
        #expect(!ETag.matches([:], current: "\"x\""))
    }

    @Test(arguments: [
        ("the epoch", 0, "Thu, 01 Jan 1970 00:00:00 GMT"), ("the RFC", 784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        ("a leap day", 951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        ("behind a leap day", 1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"),
        ("the end of a leap year", 1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
        ("no leap year", 4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ("32 bits", 2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"), ("before", -1, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("the last", 253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("after", .max, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func aDateIsWrittenInItsFixedForm(name: String, seconds: Int, text: String) {
        #expect(HTTPDate.string(secondsSince1970: seconds) == text)
    }
}
