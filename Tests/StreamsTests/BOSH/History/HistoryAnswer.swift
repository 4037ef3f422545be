/// What a client of a history reads in an answer. A hundred thousand histories have no time for an XML parser; that
/// answers are XML is the business of other tests.
struct HistoryAnswer {
    private(set) var type = ""
    private(set) var acknowledged: Int64?
    /// The bodies of the messages in it.
    private(set) var numbers: [Int] = []
    let isEmpty: Bool

    init(_ bytes: [UInt8]) {
        let head = bytes.firstIndex(of: UInt8(ascii: ">")).map { bytes[...$0] } ?? bytes[...]
        isEmpty = head.count == bytes.count
        type = Self.attribute(" type='", of: head).map { String(decoding: $0, as: UTF8.self) } ?? ""
        acknowledged = Self.attribute(" ack='", of: head).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
        var rest = bytes[head.endIndex...]
        while let start = Self.find("<body>", in: rest) {
            var number = 0
            rest = bytes[start...]
            while let digit = rest.first, digit != UInt8(ascii: "<") {
                number = number &* 10 &+ Int(digit &- UInt8(ascii: "0"))
                rest.removeFirst()
            }
            numbers.append(number)
        }
    }

    private static func attribute(_ name: StaticString, of head: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        find(name, in: head).map { head[$0...].prefix { $0 != UInt8(ascii: "'") } }
    }

    /// The index behind the first occurrence.
    private static func find(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        text.withUTF8Buffer { text in
            bytes.withUnsafeBufferPointer { buffer in
                guard let first = text.first, buffer.count >= text.count else { return nil }
                for start in 0...(buffer.count - text.count) where buffer[start] == first {
                    if (1..<text.count).allSatisfy({ buffer[start + $0] == text[$0] }) {
                        return bytes.startIndex + start + text.count
                    }
                }
                return nil
            }
        }
    }
}
