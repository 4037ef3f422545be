/// Masking (RFC 6455 §5.3): each byte XOR the next byte of a four-byte key, its own inverse.
struct WebSocketMask: Sendable {
    /// The key; the byte for the next payload byte is the lowest.
    private var key: UInt32 = 0
    private var keyBytes: UInt32 = 0

    /// Takes the next of the four bytes of the key; true when it was the last.
    mutating func take(_ byte: UInt8) -> Bool {
        key |= UInt32(byte) << (keyBytes &* 8)
        keyBytes &+= 1
        return keyBytes == 4
    }

    /// Appends bytes, unmasked, and remembers where in the key it stopped.
    mutating func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        let wide = UInt64(key) << 32 | UInt64(key)
        let count = bytes.count
        output.append(addingCapacity: count) { output in
            var index = 0
            // The inner loops compile to one load, one XOR and one store.
            while count &- index >= 8 {
                let block = bytes.extracting(index..<(index &+ 8))
                var word: UInt64 = 0
                for lane in 0..<8 { word |= UInt64(block[lane]) << UInt64(lane &* 8) }
                word ^= wide
                for lane in 0..<8 { output.append(UInt8(truncatingIfNeeded: word >> UInt64(lane &* 8))) }
                index &+= 8
            }
            while index < count {
                output.append(bytes[index] ^ UInt8(truncatingIfNeeded: wide >> UInt64((index & 7) &* 8)))
                index &+= 1
            }
        }
        let turn = UInt32(truncatingIfNeeded: count & 3) &* 8
        key = key >> turn | key << (32 &- turn)
    }
}
