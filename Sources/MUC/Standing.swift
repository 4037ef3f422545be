/// What the service itself makes of somebody, in addition to what the lists of a room say (`StandingPolicy`).
package enum Standing: Hashable, Sendable {
    case owner
    case admin
    /// Has the role of a moderator (XEP-0045 §5.1) in every visit, and comes and goes like a member.
    case moderator

    var affiliation: Affiliation {
        switch self {
        case .owner: .owner
        case .admin: .admin
        case .moderator: .member
        }
    }
}
