import MUC
import XMPP

@testable import SamepageServer

/// Our side of a remote service, the service, the link between them, and the mailboxes of our visitors.
final class Playhouse {
    static let domain = "web.verona.example"
    /// The page room that most plays are about.
    static let room = "verona.example"

    let service: ScriptedService
    let muc: RemoteMUC
    let policy = PlayPolicy()
    /// Milliseconds since 1970: 2026-11-22T16:00:00Z.
    var now: Int64 = 1_795_363_200_000
    private(set) var isUp = false
    private(set) var notices: [String] = []
    /// Questions for the archive wait until they are released.
    var holdsArchive = false
    private var heldQuestions: [Stanza] = []
    private var arriving: [Stanza] = []
    private var isPerforming = false
    private var isCollecting = false
    private var inboxes: [JID: [Stanza]] = [:]
    /// The link, as far as it tells copies from other stanzas.
    private let wire = StreamParser(mode: .stream)
    /// Stanzas of the service that nobody had to look at.
    private(set) var passedCopies = 0

    init(
        _ flavor: ScriptedService.Flavor = .prosody, admins: [String] = [], isUp: Bool = true,
        _ change: (inout RemoteMUCLimits) -> Void = { _ in }
    ) {
        service = ScriptedService(flavor)
        var limits = RemoteMUCLimits()
        change(&limits)
        guard
            let settings = RemoteMUCSettings(
                service: Self.jid(service.domain), domain: Self.jid(Self.domain), admins: admins.map(Self.jid),
                limits: limits)
        else { preconditionFailure("The domain is none") }
        muc = RemoteMUC(settings: settings, policy: policy)
        _ = read("<stream xmlns='\(Namespace.client)'>")
        if isUp { linkComesUp() }
    }

    static func jid(_ text: String) -> JID {
        guard let jid = JID(text) else { preconditionFailure("\(text) is no JID") }
        return jid
    }

    static let keeper = jid("samepage@\(domain)/keeper")

    func visitor(_ name: String, tab: String = "tab") -> Visitor {
        Visitor(house: self, jid: Self.jid("\(name)@\(Self.domain)/\(tab)"))
    }

    // MARK: What happens

    func fromVisitor(_ stanza: Stanza) {
        perform(muc.fromVisitor(stanza, now: now), of: stanza, isFromVisitor: true)
    }

    /// In the order in which they were sent, one after the other, as a stream brings them.
    func fromService(_ stanzas: [Stanza]) {
        arriving += stanzas
        guard !isPerforming, !isCollecting else { return }
        isPerforming = true
        while !arriving.isEmpty {
            let stanza = arriving.removeFirst()
            if case .copy(let copied, let recipient) = read(stanza.element.description),
                muc.passes(copyOf: copied, to: recipient, now: now)
            {
                passedCopies += 1
                deliver(stanza)
                continue
            }
            carryOut(muc.fromService(stanza, now: now), of: stanza, isFromVisitor: false)
        }
        isPerforming = false
    }

    private func read(_ text: String) -> StreamParser.Event? {
        var events: [StreamParser.Event] = []
        try? wire.feed(Array(text.utf8).span, into: &events)
        return events.last
    }

    func linkComesUp() {
        isUp = true
        perform(muc.linkChanged(isUp: true, now: now))
    }

    func linkBreaks() {
        isUp = false
        perform(muc.linkChanged(isUp: false, now: now))
    }

    /// Time passes, tick by tick.
    func wait(_ milliseconds: Int64) {
        let end = now + milliseconds
        while now < end {
            now += muc.tickInterval
            service.now = now
            perform(muc.tick(now: now))
        }
    }

    /// Somebody of another server does something.
    func others(_ body: (ScriptedService) -> Void) {
        service.now = now
        let told = service.act(body)
        if isUp { fromService(told) }
    }

    func perform(_ effects: [RemoteRoomsEffect], of stanza: Stanza? = nil, isFromVisitor: Bool = false) {
        isPerforming = true
        carryOut(effects, of: stanza, isFromVisitor: isFromVisitor)
        isPerforming = false
        fromService([])
    }

    /// All of it is on its way before the first answer arrives.
    func atOnce(_ body: () -> Void) {
        isCollecting = true
        body()
        isCollecting = false
        fromService([])
    }

    private func carryOut(_ effects: [RemoteRoomsEffect], of stanza: Stanza?, isFromVisitor: Bool) {
        for effect in effects {
            switch effect {
            case .pass:
                guard let stanza else { continue }
                if isFromVisitor { send(stanza) } else { deliver(stanza) }
            case .toService(let stanza): send(stanza)
            case .toVisitor(let stanza): deliver(stanza)
            case .notice(let text): notices.append(text)
            }
        }
    }

    private func send(_ stanza: Stanza) {
        service.now = now
        if isUp, holdsArchive, stanza.payload.first?.namespace == Namespace.mam {
            heldQuestions.append(stanza)
        } else if isUp {
            fromService(service.handle(stanza))
        } else if let error = stanza.error(.remoteServerTimeout("The link is down.")) {
            fromService([error])
        }
    }

    private func deliver(_ stanza: Stanza) {
        guard let to = stanza.to else { return }
        inboxes[to, default: []].append(stanza)
    }

    func releaseArchive() {
        let questions = heldQuestions
        heldQuestions = []
        for question in questions { send(question) }
    }

    func take(_ jid: JID) -> [Stanza] {
        defer { inboxes[jid] = nil }
        return inboxes[jid] ?? []
    }
}

/// The room `verona.example` is a page's; everything else is not, unless a test says so.
final class PlayPolicy: RoomPolicy {
    var origin: (String, RoomClaim?) -> RoomOrigin? = { localpart, claim in
        guard localpart == Playhouse.room else { return nil }
        return .page(url: "https://verona.example", name: claim?.title ?? "Verona")
    }

    func admitRoom(
        localpart: String, claim: RoomClaim?, creator: JID, isAdmin: Bool
    ) throws(StanzaError) -> RoomOrigin {
        guard let origin = origin(localpart, claim) else { throw .notAllowed("Only pages have rooms.") }
        return origin
    }

    func occupantID(of bareJID: JID, in room: JID) -> String { "" }
}

/// One session of a visitor, who does things and hears things.
struct Visitor {
    let house: Playhouse
    let jid: JID

    func joins(_ nick: String, room: String = Playhouse.room, title: String? = nil, _ payload: [Element] = []) {
        var children = [Element("x", Namespace.muc)] + payload
        if let title {
            children.append(Element("page", Namespace.page, ["url": "https://verona.example", "title": title]))
        }
        house.fromVisitor(
            Stanza(.presence, id: "join", from: jid, to: house.service.address(room, nick), children))
    }

    /// Joins and closes the ears to what comes of it.
    func isIn(as nick: String, room: String = Playhouse.room) {
        joins(nick, room: room)
        _ = hears()
    }

    func says(_ body: String, room: String = Playhouse.room) {
        house.fromVisitor(
            Stanza(
                .message, type: "groupchat", id: body, from: jid, to: house.service.address(room),
                [Element("body", Namespace.client, text: body)]))
    }

    func shows(_ nick: String, type: String? = nil, _ payload: [Element] = []) {
        house.fromVisitor(
            Stanza(.presence, type: type, from: jid, to: house.service.address(Playhouse.room, nick), payload))
    }

    func ends() {
        house.perform(house.muc.sessionEnded(jid, .left, now: house.now))
    }

    func gets() -> [Stanza] { house.take(jid) }

    /// What has come since the last time, in words.
    func hears() -> [String] { gets().compactMap(Transcript.line) }
}
