import CLinux
import Glibc

/// Searching in what came, without a copy of it.
extension UnsafeRawBufferPointer {
    /// Where the bytes of a text begin, from an offset on.
    @inline(__always)
    func index(of text: StaticString, from start: Int = 0) -> Int? {
        guard let base = baseAddress, start <= count else { return nil }
        let from = base + start
        guard let found = memmem(from, count - start, text.utf8Start, text.utf8CodeUnitCount) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    @inline(__always)
    func contains(_ text: StaticString) -> Bool {
        index(of: text) != nil
    }

    @inline(__always)
    func starts(with text: StaticString) -> Bool {
        guard let base = baseAddress, count >= text.utf8CodeUnitCount else { return false }
        return memcmp(base, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// How often a text is there.
    func count(of text: StaticString) -> Int {
        var found = 0
        var offset = 0
        while let next = index(of: text, from: offset) {
            found += 1
            offset = next + text.utf8CodeUnitCount
        }
        return found
    }

    /// What is between two texts, the first time.
    func text(after start: StaticString, before end: StaticString) -> String? {
        guard let first = index(of: start).map({ $0 + start.utf8CodeUnitCount }),
            let last = index(of: end, from: first)
        else { return nil }
        return String(decoding: self[first..<last], as: UTF8.self)
    }

    /// All of it, cut to what a person wants to read.
    var excerpt: String {
        String(decoding: prefix(500), as: UTF8.self)
    }
}
