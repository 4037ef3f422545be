/// Random numbers that a seed repeats, on every machine (SplitMix64; Steele, Lea, Flood 2014).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Cuts bytes into random pieces.
    package mutating func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...rest.count, using: &self)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    /// Changes a few bytes: flips, insertions, deletions, doubled parts, and bytes that mean something to the reader.
    package mutating func mutated(_ bytes: [UInt8], special: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 0...3, using: &self) {
            guard !bytes.isEmpty else { break }
            let index = Int.random(in: bytes.indices, using: &self)
            let anything = UInt8.random(in: 0...255, using: &self)
            let meaningful = special.randomElement(using: &self) ?? 0
            switch Int.random(in: 0..<5, using: &self) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: bytes[index] = meaningful
            case 2: bytes.insert(Bool.random(using: &self) ? meaningful : anything, at: index)
            case 3: bytes.remove(at: index)
            default: bytes.insert(contentsOf: bytes[index...].prefix(12), at: index)
            }
        }
        return bytes
    }
}
