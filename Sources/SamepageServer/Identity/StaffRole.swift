import MUC

/// What somebody without an account may do in the rooms of pages (docs/moderation.md).
package enum StaffRole: String, CaseIterable, Sendable {
    case owner
    case admin
    case moderator

    var standing: Standing {
        switch self {
        case .owner: .owner
        case .admin: .admin
        case .moderator: .moderator
        }
    }

    /// Whether it makes rooms where only admins do (`rooms.creation`).
    var makesRooms: Bool { self != .moderator }
}
