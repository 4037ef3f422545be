import XMPP

/// The last messages of a room, each with its place in the order in which they came.
///
/// All occupants get a room's messages in one order (XEP-0045 §7.4). So one list for the room and one place for each
/// occupant say what that occupant has seen.
struct SeenMessages: Sendable {
    private let capacity: Int
    private var keys: [String] = []
    private var places: [String: UInt64] = [:]
    /// The place of the latest message; 0 when there was none.
    private(set) var last: UInt64 = 0

    /// - Parameter capacity: How many are known again: at least 1.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { keys.count }

    func place(of key: String) -> UInt64? { places[key] }

    /// Notes a message and answers its place. The copies for other occupants have the place of the first.
    mutating func note(_ key: String) -> UInt64 {
        if let place = places[key] { return place }
        let slot = Int(last % UInt64(capacity))
        last &+= 1
        if slot < keys.count {
            places[keys[slot]] = nil
            keys[slot] = key
        } else {
            keys.append(key)
        }
        places[key] = last
        return last
    }

    /// By what a message is known again: the room's id for it (XEP-0359), else what its sender made it of.
    static func key(of message: Stanza, room: JID) -> String {
        if let id = message.stanzaID(by: room) { return "a\u{0}\(id)" }
        let body = message.child("body", Namespace.client)?.text ?? ""
        var hasher = Hasher()
        hasher.combine(body)
        return "m\u{0}\(message.from?.resource ?? "")\u{0}\(message.id ?? "")\u{0}\(hasher.finalize())"
    }
}
