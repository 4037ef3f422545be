/// Why a room exists, which decides who owns it and how long it stays.
package enum RoomOrigin: Hashable, Sendable {
    /// The room of a web page: open at once, owned by the admins alone, kept while it is empty.
    case page(url: String, name: String)
    /// A room that somebody asked for by its JID: owned by who came first, gone when the last one leaves.
    case user
}
