/// What an occupant may do while it is in the room (XEP-0045 §5.1).
package enum Role: String, Comparable, CaseIterable, Sendable {
    case none, visitor, participant, moderator

    private var rank: Int {
        switch self {
        case .none: 0
        case .visitor: 1
        case .participant: 2
        case .moderator: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// Whether messages to all are allowed: everybody but a visitor (XEP-0045 Table 3).
    var hasVoice: Bool { self >= .participant }

    func maySendPrivately(in configuration: RoomConfiguration) -> Bool {
        switch configuration.privateMessages {
        case .anyone: true
        case .participants: self >= .participant
        case .moderators: self == .moderator
        case .none: false
        }
    }

    func maySetSubject(in configuration: RoomConfiguration) -> Bool {
        self == .moderator || (self == .participant && configuration.participantsSetSubject)
    }
}
