import DequeModule
import XMPP

/// The last acts of moderators, in the order of their ids.
struct ModerationLog {
    private var acts: Deque<ModerationAct> = []

    var count: Int { acts.count }
    var newest: ReversedCollection<Deque<ModerationAct>> { acts.reversed() }

    func act(_ id: Int) -> ModerationAct? { index(of: id).map { acts[$0] } }

    mutating func append(_ act: ModerationAct, _ limits: ModerationLimits) {
        acts.append(act)
        while acts.count > max(1, limits.acts) { acts.removeFirst() }
    }

    /// Notes that an act was undone; the act as it stands then.
    mutating func undo(_ id: Int) -> ModerationAct? {
        guard let index = index(of: id) else { return nil }
        acts[index].isUndone = true
        return acts[index]
    }

    private func index(of id: Int) -> Int? { acts.lastIndex { $0.id == id } }
}
