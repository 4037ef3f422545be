import XMPP

/// Something about moderation that outlives a run of the service: for whoever stores it.
package enum ModerationRecord: Hashable, Sendable {
    case ban(Ban)
    /// The ban of this id is no more.
    case lifted(Int)
    /// A line of the log; one of the same id takes its place.
    case act(ModerationAct)
}
