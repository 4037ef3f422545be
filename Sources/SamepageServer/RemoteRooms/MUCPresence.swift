import XMPP

/// What a room says in a presence about an occupant (XEP-0045 §7.2.2).
struct MUCPresence {
    let isAvailable: Bool
    let statuses: Set<String>
    let affiliation: String?
    /// The new nick of somebody who changes it.
    let newNick: String?
    let isDestroyed: Bool

    init(_ presence: Stanza) {
        let user = presence.child("x", Namespace.mucUser)
        let item = user?.child("item", Namespace.mucUser)
        isAvailable = presence.type == nil
        statuses = Set((user?.children ?? []).lazy.filter { $0.name == "status" }.compactMap { $0["code"] })
        affiliation = item?["affiliation"]
        newNick = statuses.contains("303") ? item?["nick"] : nil
        isDestroyed = user?.child("destroy", Namespace.mucUser) != nil
    }

    /// About who receives it.
    var isSelf: Bool { statuses.contains("110") }
    var isNewRoom: Bool { statuses.contains("201") }

    /// Somebody, or the end of the service, has taken the occupant out; it did not just break off.
    var isRemoval: Bool { isDestroyed || !statuses.isDisjoint(with: ["301", "307", "321", "322", "332"]) }
}
