/// A person's lasting relation to a room (XEP-0045 §5.2).
package enum Affiliation: String, Comparable, CaseIterable, Sendable {
    case outcast, none, member, admin, owner

    private var rank: Int {
        switch self {
        case .outcast: 0
        case .none: 1
        case .member: 2
        case .admin: 3
        case .owner: 4
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    var isAtLeastMember: Bool { self >= .member }
    var isAtLeastAdmin: Bool { self >= .admin }

    /// The role that somebody of this affiliation enters with (XEP-0045 §5.1.2).
    func initialRole(isModerated: Bool) -> Role {
        switch self {
        case .owner, .admin: .moderator
        case .member: .participant
        case .none: isModerated ? .visitor : .participant
        case .outcast: .none
        }
    }
}
