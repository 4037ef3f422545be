import EventLoop
import Logging
import MUC
import XMPP

/// Brings each stanza to where its `to` lives: our own domain, the MUC service, or the link that owns its `from`.
///
/// Synchronous to the end, so the state of rooms and sessions never changes between a check and its consequence.
@EventLoop
final class Router {
    /// What the router needs to know about the house.
    struct Settings {
        var domain: JID
        /// The MUC service, ours or somebody else's.
        var service: JID
        /// Whether the service is ours.
        var hostsRooms = true
        var limits = Limits()
        var logger = Logger(label: "samepage")
    }

    let settings: Settings
    let visitors: VisitorRegistry
    let rooms: MUCService
    let queries: ServerQueries
    /// In front of a service that is not ours.
    let remoteRooms: any RemoteRooms
    /// Those who moderate over HTTP.
    let desk = AdminDesk()
    /// By the domain that they own.
    private(set) var links: [String: any Link] = [:]
    var senders: RemoteSenders
    var counters = LinkCounters()
    /// Called when a link has stopped.
    var linksStopped: () -> Void = {}
    /// Nil: rooms live in memory alone, or are not ours.
    var archive: ArchiveKeeper?
    /// Called with what moderators want kept.
    var keepModeration: (ModerationRecord) -> Void = { _ in }
    /// Whether the rooms wait for the end of this turn.
    var isTurnToBeEnded = false
    var hasWarnedOfForgery = false
    /// The stanza that passed through last, without `to`, and its bytes.
    var lastForwarded: (content: Stanza, bytes: StanzaBytes)?
    /// The stanza of the remote service of which copies came last, and its bytes.
    var lastCopied: (stanza: RepeatedStanza, bytes: StanzaBytes)?

    let domainName: String
    let serviceName: String

    init(
        _ settings: Settings, visitors: VisitorRegistry, rooms: MUCService, queries: ServerQueries,
        remoteRooms: any RemoteRooms = PassThroughRooms()
    ) {
        self.settings = settings
        self.visitors = visitors
        self.rooms = rooms
        self.queries = queries
        self.remoteRooms = remoteRooms
        domainName = settings.domain.domain
        serviceName = settings.service.domain
        senders = RemoteSenders(limits: settings.limits)
    }

    /// Makes a link the one that carries its domain.
    func attach(_ link: any Link) {
        links[link.domain.domain] = link
    }

    func detach(_ link: any Link) {
        links[link.domain.domain] = nil
    }

    /// Routes a stanza of a visitor, whose `from` the ingress has checked.
    func route(_ stanza: Stanza) {
        guard let to = stanza.to else { return routeUnaddressed(stanza) }
        switch to.domain {
        case serviceName where settings.hostsRooms: routeToRooms(stanza)
        case serviceName: perform(remoteRooms.fromVisitor(stanza, now: WallClock.now), for: stanza, .outbound)
        case domainName where to.isDomain:
            if stanza.kind == .iq { answer(stanza, queries.answer(stanza, on: .server)) }
        case domainName: deliverLocally(stanza)
        default: routeBeyondRooms(stanza)
        }
    }

    /// Visitors are strangers to us too: what they may reach over a link is rooms, or it would carry anybody's spam to
    /// everybody on the network. They do answer whoever asks them something.
    private func routeBeyondRooms(_ stanza: Stanza) {
        let isAnswer = stanza.kind == .iq && !stanza.isRequest
        guard isAnswer || links[domainName] == nil else {
            return bounce(stanza, .forbidden("Visitors talk in rooms. Write to others from an account of your own."))
        }
        routeToNetwork(stanza)
    }

    /// A stanza without `to` is for the server itself or for the sender's own account (RFC 6120 §10.3).
    private func routeUnaddressed(_ stanza: Stanza) {
        switch stanza.kind {
        case .iq: answer(stanza, queries.answer(stanza, on: .server))
        case .presence where stanza.type == "unavailable":
            // RFC 6121 §4.6.3: it also reaches everybody who was sent directed presence, that is, every room.
            if let from = stanza.from { sessionEnded(from, .left) }
        case .presence, .message: break
        }
    }

    func routeToRooms(_ stanza: Stanza) {
        switch rooms.handle(stanza, now: WallClock.now) {
        case .handled(let effects): deliver(effects)
        case .unhandled: answer(stanza, queries.answer(stanza, on: .rooms))
        }
    }

    private func deliverLocally(_ stanza: Stanza) {
        guard let to = stanza.to, let session = visitors.session(to) else {
            return bounce(stanza, .serviceUnavailable())
        }
        session.deliver(StanzaBytes(stanza))
    }

    func answer(_ stanza: Stanza, _ result: Result<Stanza?, StanzaError>) {
        switch result {
        case .success(let reply): if let reply { dispatch(reply) }
        case .failure(let error): bounce(stanza, error)
        }
    }

    /// Sends an error back, where an answer is allowed.
    func bounce(_ stanza: Stanza, _ error: StanzaError) {
        if let reply = stanza.error(error) { dispatch(reply) }
    }

    /// A visitor's session is gone: it leaves its rooms.
    func sessionEnded(_ jid: JID, _ end: SessionEnd) {
        deliver(rooms.sessionEnded(jid, end, now: WallClock.now))
        perform(remoteRooms.sessionEnded(jid, end, now: WallClock.now))
    }

    /// Whether an address belongs to us alone: nobody of the network can have it.
    func isOurs(_ jid: JID) -> Bool {
        let domain = jid.domain
        return domain == domainName || (settings.hostsRooms && domain == serviceName) || links[domain] != nil
    }
}
