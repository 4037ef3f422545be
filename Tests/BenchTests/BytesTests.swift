import Testing

@testable import Bench

@Suite struct BytesTests {
    @Test func textsAreFoundAndCounted() {
        let text = Array("<body sid='x1'><presence/><presence/></body>".utf8)
        text.withUnsafeBytes { bytes in
            #expect(bytes.count(of: "<presence") == 2)
            #expect(bytes.index(of: "<presence", from: 16) == 26)
            #expect(bytes.index(of: "<presence", from: 27) == nil)
            #expect(bytes.index(of: "<presence", from: 999) == nil)
            #expect(bytes.text(after: "sid='", before: "'") == "x1")
            #expect(bytes.text(after: "sid='", before: "\"") == nil)
            #expect(bytes.starts(with: "<body"))
            #expect(!bytes.starts(with: "<presence"))
        }
    }

    @Test func nothingIsFoundInNothing() {
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(empty.index(of: "a") == nil)
        #expect(empty.count(of: "a") == 0)
        #expect(!empty.starts(with: "a"))
    }
}
