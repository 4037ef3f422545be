internal import CLibXML2

/// Strings for the names in a libxml2 dictionary, which holds each name once: the pointer is the key.
///
/// Direct-mapped and of fixed size: a name that falls on another's place takes it. XMPP says the same hundred names
/// over and over, and they share their storage.
struct XMLNameCache {
    /// A power of two.
    private static let slotCount = 256
    /// Bytes; longer names are made anew each time, so that nobody parks memory here.
    private static let longestName = 128

    private var keys = [UnsafePointer<xmlChar>?](repeating: nil, count: slotCount)
    private var strings = [String](repeating: "", count: slotCount)

    /// The string for a name of the dictionary in use.
    subscript(name: UnsafePointer<xmlChar>) -> String {
        mutating get {
            // Names lie anywhere in their pool, so every bit counts: a multiplicative hash, its upper eight bits.
            let hash = UInt(bitPattern: name) &* 0x9E37_79B9_7F4A_7C15
            let slot = Int(truncatingIfNeeded: hash >> 56)
            if keys[slot] == name { return strings[slot] }
            let count = Int(xmlStrlen(name))
            let string = String(decoding: UnsafeBufferPointer(start: name, count: count), as: UTF8.self)
            if count <= XMLNameCache.longestName {
                keys[slot] = name
                strings[slot] = string
            }
            return string
        }
    }

    mutating func removeAll() {
        self = XMLNameCache()
    }
}
