import WebWire

/// A key sequence (XEP-0124 §15.3): each is the SHA-1 of the one before; the client uses them from the last to the first.
struct BOSHKeys {
    private var keys: [String] = []

    init(seed: String, count: Int) {
        var key = seed
        for _ in 0..<count {
            key = Digest.hex(Digest.sha1(Array(key.utf8)))
            keys.append(key)
        }
    }

    /// What the client shows first, as `newkey`.
    var last: String { keys.last ?? "" }

    subscript(_ index: Int) -> String { keys.indices.contains(index) ? keys[index] : "" }
}
