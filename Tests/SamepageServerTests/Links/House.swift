import EventLoop
import LoopTesting
import MUC
import Testing
import XMPP

@testable import SamepageServer

/// A router with visitors at `web.example`, and links that are fakes.
@EventLoop
final class House {
    let router: Router
    let visitors: VisitorRegistry
    let ann: FakeSession
    let annJID: JID
    let link: FakeLink

    /// Rooms of ours on the network (`rooms.example`), or visitors of ours in rooms that are not ours.
    ///
    /// - Parameter isArchived: Rooms ask for an archive, which nobody is: the test answers.
    init(
        _ shape: Configuration.Component.Service, remoteRooms: any RemoteRooms = PassThroughRooms(),
        isArchived: Bool = false
    ) throws {
        let domain = jid("web.example")
        let service = jid("rooms.example")
        visitors = VisitorRegistry(domain: domain)
        var settings = MUCSettings(service: service)
        settings.isArchived = isArchived
        let rooms = MUCService(
            settings: settings,
            policy: PageRoomPolicy(creation: .anyone, sites: SiteList(), key: SecretKey()))
        router = Router(
            Router.Settings(domain: domain, service: service, hostsRooms: shape == .rooms), visitors: visitors,
            rooms: rooms, queries: ServerQueries(version: "1", services: [service]), remoteRooms: remoteRooms)
        link = FakeLink(shape == .rooms ? "rooms.example" : "web.example", serves: shape)
        router.attach(link)
        ann = FakeSession(jid("ann@web.example/tab"))
        annJID = try visitors.bind(ann, identity: jid("ann@web.example"), resource: "tab")
    }

    /// A stanza of the visitor.
    func ann(_ text: String) throws {
        var stanza = try Self.stanza(text)
        stanza.from = annJID
        router.route(stanza)
        router.endTurn()
    }

    /// A stanza over the link.
    func network(_ text: String) throws {
        router.link(link, received: try Self.stanza(text))
        router.endTurn()
    }

    static func stanza(_ text: String) throws -> Stanza {
        let open = text.split(separator: " ", maxSplits: 1).first.map(String.init) ?? text
        let document = text.replacing(open + " ", with: open + " xmlns='jabber:client' ", maxReplacements: 1)
        return try Stanza(StreamParser(mode: .document).parseDocument(Array(document.utf8).span))
    }

    static let join = "<x xmlns='http://jabber.org/protocol/muc'/>"
}
