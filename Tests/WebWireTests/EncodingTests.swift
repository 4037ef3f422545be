import SeededTesting
import Testing
import WebWire

@Suite struct EncodingTests {
    @Test(arguments: [
        ("/", [""]), ("/a", ["a"]), ("/a/b.js", ["a", "b.js"]), ("/a/", ["a", ""]), ("/a%20b", ["a b"]),
        ("/%C3%A4/ä", ["ä", "ä"]), ("/...", ["..."]), ("/..a", ["..a"]), ("/.well-known/x", [".well-known", "x"]),
        ("/%252e%252e/x", ["%2e%2e", "x"]), ("/a+b", ["a+b"]), ("/%2B%25", ["+%"]),
    ])
    func aPathIsDecodedOnce(path: String, segments: [String]) {
        #expect(PercentDecoding.decodePath(path) == segments)
    }

    @Test(arguments: [
        "", "a", "*", "/.", "/..", "/../x", "/a/../b", "/a/./b", "/a/..", "/%2e", "/%2e%2e/x", "/.%2E/x", "/%2e./x",
        "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/..%5c..", "//", "//a", "/a//b", "/%00", "/a%00.js", "/a%0Ab", "/%7F",
        "/%C2%85", "/%", "/%2", "/%2g", "/%u002e", "/%+2e", "/%FF", "/%C0%AE", "/%E0%80%AE", "/%ED%A0%80",
    ])
    func aPathThatCouldLeaveItsDirectoryIsNone(path: String) {
        #expect(PercentDecoding.decodePath(path) == nil)
    }

    @Test func aTextIsDecodedOnce() {
        #expect(PercentDecoding.decode("a%2Fb%252f+") == "a/b%2f+")
        #expect(PercentDecoding.decode("%") == nil)
        #expect(PercentDecoding.decode("%FF") == nil)
    }

    @Test(
        arguments: [
            ("nothing", "", []), ("one", "a=b", ["a=b"]), ("repeated", "u=1&v=2&u=3", ["u=1", "v=2", "u=3"]),
            ("no value", "a", ["a="]), ("an empty value", "a=", ["a="]), ("no name", "=b", ["=b"]),
            ("two equals", "a=b=c", ["a=b=c"]), ("empty parts", "&&a=b&", ["a=b"]), ("plus", "a+b=c+d", ["a b=c d"]),
            ("escapes", "%61=%26%3D%2B", ["a=&=+"]), ("a broken escape", "a=%zz%4", ["a=%zz%4"]),
            ("no UTF-8", "a=%FF", ["a=\u{FFFD}"]), ("a URL", "url=http://h/p?x", ["url=http://h/p?x"]),
        ] as [(String, String, [String])])
    func aQueryIsReadAsFormsWriteIt(name: String, query: String, items: [String]) {
        #expect(QueryItems(query)?.items.map { "\($0.name)=\($0.value)" } == items)
    }

    @Test func aQueryHasABoundedNumberOfItems() {
        #expect(QueryItems("a=1&a=2&b=3", limit: 3)?.values("a") == ["1", "2"])
        #expect(QueryItems("a=1&a=2&b=3", limit: 3)?.first("b") == "3")
        #expect(QueryItems("a=1&a=2&b=3", limit: 2) == nil)
    }

    // RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfTheRFC(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: [
        "A", "AA", "AAA", "AA=", "AAAA=", "=", "==", "===", "====", "A===", "AA==AAAA", "AA=A", "Zh==", "Zm9=", "Zm 8=",
        "Zm8=\n", " Zm8=", "Zm8-", "Zm8_", "Zm9v\0AAA", "Zmä=",
    ])
    func anythingElseIsNoBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func base64ComesBackAsItWent() {
        var generator = SeededGenerator(seed: 4648)
        for count in 0..<200 {
            let bytes = generator.bytes(count)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.encode(all).hasSuffix("/P3+/w=="))
    }

    // FIPS 180-2, appendices A and B.
    @Test func digestsAreThoseOfTheStandard() {
        let abc = Array("abc".utf8)
        #expect(Digest.hex(Digest.sha1(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(
            Digest.hex(Digest.sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest.hex(Digest.sha1([])) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
    }
}
