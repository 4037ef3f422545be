/// Addresses by their bytes, for a peer that writes the same ones again and again.
///
/// A table with one place for each hash, where the latest wins: bounded, and never in need of being tidied up.
struct JIDCache {
    /// A power of two.
    private static let capacity = 4_096
    /// Longer ones are parsed each time.
    private static let longest = 256

    private struct Entry {
        let bytes: [UInt8]
        let jid: JID
    }

    /// Empty until the first address comes.
    private var entries: [Entry?] = []

    /// Nil when the bytes are no address.
    mutating func jid(_ bytes: Span<UInt8>) -> JID? {
        guard bytes.count <= Self.longest else { return JID(String(copying: bytes)) }
        if entries.isEmpty { entries = Array(repeating: nil, count: Self.capacity) }
        let place = Int(truncatingIfNeeded: Self.hash(bytes)) & (Self.capacity - 1)
        if let entry = entries[place], entry.bytes.count == bytes.count, bytes.continues(at: 0, as: entry.bytes) {
            return entry.jid
        }
        guard let jid = JID(String(copying: bytes)) else { return nil }
        entries[place] = Entry(bytes: [UInt8](bytes), jid: jid)
        return jid
    }

    /// FNV-1a, eight bytes at a time. Who finds addresses that collide makes us parse them, no more.
    private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var index = 0
        while bytes.count - index >= 8 {
            hash = (hash ^ bytes.word(at: index)) &* 0x100_0000_01B3
            hash ^= hash >> 29
            index += 8
        }
        while index < bytes.count {
            hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
            index += 1
        }
        return hash ^ (hash >> 32)
    }
}
