import MUC
import XMPP

/// What stands between our visitors and rooms that live on somebody else's MUC service (`rooms.service` is not ours).
///
/// Sans-I/O: stanzas and the time go in, effects come out, and the router carries them out when the call has returned.
/// Calls never nest. Times are milliseconds since 1970.
protocol RemoteRooms: AnyObject {
    /// A visitor's stanza on its way to the service: `from` is the visitor's full JID, `to` is of the service's domain.
    func fromVisitor(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect]

    /// A stanza of the service's domain on its way to a visitor, or to the keeper or any other address of our domain.
    ///
    /// What could not be sent comes back here too, as the error that the router made for it: `remote-server-timeout`
    /// (the link is down), `resource-constraint` (its queue is full), `policy-violation` (larger than the link takes).
    func fromService(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect]

    /// A copy of a stanza of the service that came before, for another of our addresses: whether it passes, and nothing else is to
    /// be done about it. Otherwise it is handed in like any stanza.
    func passes(copyOf stanza: RepeatedStanza, to session: JID, now: Int64) -> Bool

    /// A visitor's session is gone, without having left its rooms.
    func sessionEnded(_ session: JID, _ end: SessionEnd, now: Int64) -> [RemoteRoomsEffect]

    /// The link that carries the visitors' domain came up (after its handshake) or went down.
    func linkChanged(isUp: Bool, now: Int64) -> [RemoteRoomsEffect]

    /// Called every `tickInterval` milliseconds, for deadlines and for work that is paced.
    func tick(now: Int64) -> [RemoteRoomsEffect]
    var tickInterval: Int64 { get }

    /// The server stops: what is to be sent before the link closes.
    func shutdown(now: Int64) -> [RemoteRoomsEffect]

    /// What may be told about a room to anybody; nil when nothing is known.
    func summary(localpart: String) -> RoomSummary?

    /// Rooms with visitors of ours or lately so, and the places that visitors have in them.
    var census: (rooms: Int, occupants: Int) { get }
}

extension RemoteRooms {
    var census: (rooms: Int, occupants: Int) { (0, 0) }
}

/// What the router does for `RemoteRooms`, in this order.
enum RemoteRoomsEffect: Hashable, Sendable {
    /// The stanza that was handed in goes on to where it was going, unchanged. Nothing for a call without a stanza.
    case pass
    /// Over the link; `from` must be of the visitors' domain, else the stanza is dropped and counted.
    case toService(Stanza)
    /// To the visitor's session that `to` names; nothing when there is none.
    case toVisitor(Stanza)
    /// For the operator: one line in the log.
    case notice(String)
}

/// Remote rooms without a keeper: everything passes.
final class PassThroughRooms: RemoteRooms {
    func fromVisitor(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect] { [.pass] }
    func fromService(_ stanza: Stanza, now: Int64) -> [RemoteRoomsEffect] { [.pass] }
    func passes(copyOf stanza: RepeatedStanza, to session: JID, now: Int64) -> Bool { true }
    func sessionEnded(_ session: JID, _ end: SessionEnd, now: Int64) -> [RemoteRoomsEffect] { [] }
    func linkChanged(isUp: Bool, now: Int64) -> [RemoteRoomsEffect] { [] }
    func tick(now: Int64) -> [RemoteRoomsEffect] { [] }
    let tickInterval: Int64 = 1_000
    func shutdown(now: Int64) -> [RemoteRoomsEffect] { [] }
    func summary(localpart: String) -> RoomSummary? { nil }
}
