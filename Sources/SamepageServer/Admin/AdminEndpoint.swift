/// What there is below `/admin/api/` (docs/moderation.md).
enum AdminEndpoint: String, CaseIterable {
    case me, rooms, occupants, messages, reports, held, bans, lift, log, undo
    case slowMode = "slow-mode"
    case kick, voice, retract

    static let prefix = "/admin/api/"

    init?(path: String) {
        guard path.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(path.dropFirst(Self.prefix.count)))
    }

    var isRead: Bool {
        switch self {
        case .me, .rooms, .occupants, .messages, .reports, .held, .bans, .log: true
        case .lift, .undo, .slowMode, .kick, .voice, .retract: false
        }
    }

    var isWritten: Bool {
        switch self {
        case .reports, .held, .bans, .lift, .undo, .slowMode, .kick, .voice, .retract: true
        case .me, .rooms, .occupants, .messages, .log: false
        }
    }

    /// For `Allow`.
    var methods: String {
        ((isRead ? ["GET", "HEAD"] : []) + (isWritten ? ["POST"] : []) + ["OPTIONS"]).joined(separator: ", ")
    }
}
