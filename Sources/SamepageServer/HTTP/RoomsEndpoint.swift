import EventLoop
import MUC
import WebWire
import XMPP

/// `GET /rooms?url=…&url=…[&room=…]`: which rooms pages have, and how many people are there, for the badge that shows
/// before any chat code loads.
@EventLoop
struct RoomsEndpoint {
    /// Pages in one question.
    private static let maximumPages = 50

    let server: Server

    private struct Answer: Encodable {
        let domain: String
        let websocket: String
        let bosh: String
        let assets: String
        let rooms: [Room]
    }

    private struct Room: Encodable {
        let url: String
        var key: String?
        var jid: String?
        var uri: String?
        var name: String?
        var occupants: Int?
        /// People who read without a nick; left out where nobody can.
        var readers: Int?
        /// RFC 3339; left out when nobody has written yet.
        var lastActivity: String?
        /// Whether the site wants `<link rel=canonical>` to be reported instead of the page's own URL.
        var canonical: Bool?
        /// Whether people can join the room from the XMPP network, with clients and accounts of their own.
        var federated: Bool?
        var error: String?
    }

    func answer(_ request: HTTPRequest, base: PublicBase) -> HTTPResponse {
        guard let items = QueryItems(request.query ?? "", limit: Self.maximumPages + 1) else {
            return HTTPResponse(status: .badRequest, text: "At most \(Self.maximumPages) pages in one question.")
        }
        let urls = items.values("url")
        guard !urls.isEmpty else {
            return HTTPResponse(status: .badRequest, text: "Name a page: /rooms?url=https://example.org/page")
        }
        let name = items.first("room")
        let answer = Answer(
            domain: server.domain.description, websocket: base.webSocketURL, bosh: base.boshURL,
            assets: server.assetPath,
            rooms: urls.map { room(url: $0, name: name) })
        return HTTPResponse(
            status: .ok, headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: JSON.encode(answer))
    }

    private func room(url: String, name: String?) -> Room {
        var room = Room(url: url)
        do throws(PageAddressError) {
            let sites = server.configuration.sites
            let page = try PageAddress.make(url: url, room: name, sites: sites)
            let summary =
                server.configuration.rooms.isRemote
                ? server.router.remoteRooms.summary(localpart: page.localpart)
                : server.rooms.summary(localpart: page.localpart)
            let jid = page.roomJID(service: server.configuration.rooms.service)
            room.key = page.key
            room.jid = jid
            room.uri = XMPPURI.join(jid)
            room.name = summary?.name ?? page.displayName ?? page.key
            room.occupants = summary?.occupants ?? 0
            room.readers = server.configuration.rooms.isRemote ? nil : summary?.readers ?? 0
            room.lastActivity = summary?.lastActivity.map({ DateTime.string(milliseconds: $0) })
            room.canonical = sites.site(for: page.host)?.canonical ?? false
            room.federated = server.configuration.rooms.isRemote || server.configuration.isServingRooms
        } catch {
            room.error = error.description
        }
        return room
    }
}
