import DequeModule
import EventLoop
import Streams
import XMPP

/// Sessions that a client may come back to (XEP-0198 §5), by what the client knows of them.
@EventLoop
final class ResumableSessions {
    /// Sessions that are over and of which `h` is still known, so that a client that comes too late learns which of its
    /// stanzas were handled.
    private static let remembered = 1_000

    private struct Former {
        let owner: JID
        let handled: UInt32
    }

    private let limit: Int
    private let limitPerAddress: Int
    private var sessions: [String: ManagedSession] = [:]
    /// Those that have no connection.
    private(set) var detached = 0
    private var detachedByAddress: [ClientAddress.Key: Int] = [:]
    private var former: [String: Former] = [:]
    private var formerIDs: Deque<String> = []

    init(limits: Limits) {
        limit = limits.detachedSessions
        limitPerAddress = limits.sessionsPerAddress
    }

    func add(_ session: ManagedSession) {
        if let id = session.resumption?.id { sessions[id] = session }
    }

    /// The session of that name, if it is this visitor's. Whoever asks for another's learns nothing.
    func session(_ id: String, of identity: JID) -> ManagedSession? {
        guard let session = sessions[id], session.jid?.bare == identity else { return nil }
        return session
    }

    /// How many stanzas a session has handled that is over.
    func handled(_ id: String, of identity: JID) -> UInt32? {
        guard let former = former[id], former.owner == identity else { return nil }
        return former.handled
    }

    /// The session cannot be resumed any more, though it has not ended yet.
    func forget(_ session: ManagedSession) {
        if let id = session.resumption?.id { sessions[id] = nil }
    }

    /// The session is over.
    func remove(_ session: ManagedSession) {
        guard let id = session.resumption?.id, let owner = session.jid?.bare else { return }
        sessions[id] = nil
        if former.updateValue(Former(owner: owner, handled: session.management.handled), forKey: id) == nil {
            formerIDs.append(id)
        }
        if formerIDs.count > Self.remembered, let oldest = formerIDs.popFirst() { former[oldest] = nil }
    }

    /// Counts a session that has lost its connection, if there is room for it.
    ///
    /// They count apart from those that are connected. Otherwise a hundred people behind one address whose network fails
    /// for a moment would keep themselves from coming back.
    func detach(_ session: ManagedSession) -> Bool {
        guard detached < limit, let id = session.resumption?.id, sessions[id] === session else { return false }
        if let key = session.address?.key {
            let count = detachedByAddress[key] ?? 0
            guard count < limitPerAddress else { return false }
            detachedByAddress[key] = count + 1
        }
        detached += 1
        return true
    }

    /// A session has a connection again, or has ended.
    func reattach(_ session: ManagedSession) {
        detached -= 1
        guard let key = session.address?.key, let count = detachedByAddress[key] else { return }
        detachedByAddress[key] = count > 1 ? count - 1 : nil
    }

    /// Ends all that nobody is connected to.
    func shutdown() {
        for session in Array(sessions.values) where session.connection == nil { session.finish() }
    }
}
