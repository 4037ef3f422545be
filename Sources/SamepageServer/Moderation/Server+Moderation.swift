import Logging
import MUC
import XMPP

/// What moderators did before the last stop, and what they do from now on.
extension Server {
    func startModeration(_ store: any ModerationStore) throws(DataDirectory.Failure) {
        let memory = try store.load(now: WallClock.now)
        rooms.restore(Array(memory.bans.values), memory.acts, now: WallClock.now)
        router.keepModeration = { store.keep($0) }
    }
}
