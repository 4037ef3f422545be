import MUC
import XMPP

/// What becomes of a room that does not exist when somebody joins it.
enum RoomPlan: Hashable, Sendable {
    /// It is the room of a web page: persistent, named after the page.
    case page(url: String, name: String)
    /// It goes with the last one who leaves.
    case user
    /// It is not to be made: who joins gets this error.
    case visit(StanzaError)

    init(_ origin: RoomOrigin) {
        switch origin {
        case .page(let url, let name): self = .page(url: url, name: name)
        case .user: self = .user
        }
    }

    var makesRoom: Bool { if case .visit = self { false } else { true } }
    var isPage: Bool { if case .page = self { true } else { false } }
}
