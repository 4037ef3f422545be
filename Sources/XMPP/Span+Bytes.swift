extension Span<UInt8> {
    /// The eight bytes from `index` on.
    func word(at index: Int) -> UInt64 { bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) }

    /// Whether the bytes from `start` on are those of `other`, as far as both go. Word by word: the compiler makes no
    /// block comparison of a loop that can end early.
    func continues(at start: Int, as array: [UInt8]) -> Bool {
        let other = array.span
        let count = Swift.min(other.count, self.count - start)
        var index = 0
        while count - index >= 8 {
            guard word(at: start + index) == other.word(at: index) else { return false }
            index += 8
        }
        while index < count {
            guard self[start + index] == other[index] else { return false }
            index += 1
        }
        return true
    }
}

extension [UInt8] {
    init(_ bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { Array($0) }
    }
}

extension String {
    init(copying bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
