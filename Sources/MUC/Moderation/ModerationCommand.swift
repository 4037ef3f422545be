import XMPP

/// What moderators can do by command (XEP-0050), from any client: in a room, or for all rooms at the service's address.
enum ModerationCommand: String, CaseIterable {
    case ban, bans, lift, held, reports, settle
    case slowMode = "slow-mode"
    case log, undo, rooms

    init?(node: String?) {
        guard let node, node.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(node.dropFirst(Self.prefix.count)))
    }

    private static let prefix = Namespace.moderationCommands + "#"

    var node: String { Self.prefix + rawValue }

    var title: String {
        switch self {
        case .ban: "Ban somebody"
        case .bans: "List the bans"
        case .lift: "Lift bans"
        case .held: "Review messages that wait"
        case .reports: "List what was reported"
        case .settle: "Settle reports"
        case .slowMode: "Slow mode"
        case .log: "Read the log"
        case .undo: "Undo something"
        case .rooms: "List the rooms"
        }
    }

    /// Whether somebody is offered it in a room, or for all rooms where there is none.
    func isOffered(in room: Room?, to moderator: Moderator) -> Bool {
        switch self {
        case .slowMode: room != nil
        case .rooms: room == nil
        // Who bans where no room is named, bans from many.
        case .ban: room != nil || moderator.isSiteAdmin || moderator.pagesToBanFrom != nil
        default: true
        }
    }
}
