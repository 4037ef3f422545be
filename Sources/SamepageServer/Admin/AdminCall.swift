import EventLoop
import Foundation
import MUC
import WebWire
import XMPP

/// One request of the admin API, whose bearer is known.
@EventLoop
struct AdminCall {
    let endpoint: AdminEndpoint
    let isWriting: Bool
    let query: QueryItems
    let body: [UInt8]
    let token: VisitorToken
    let claims: StaffClaims
    let session: AdminSession
    let sites: SiteList

    /// The room that a question is about, if any.
    func room() throws(StanzaError) -> JID? { try room(ifGiven: parameter("room")) }

    func parameter(_ name: String) -> String? { query.first(name) }

    func requireRoom() throws(StanzaError) -> JID {
        guard let room = try room() else { throw .badRequest("Which room? ?room=…@\(session.service)") }
        return room
    }

    func room(ifGiven text: String?) throws(StanzaError) -> JID? {
        guard let text else { return nil }
        return try room(text)
    }

    func room(_ text: String) throws(StanzaError) -> JID {
        guard let jid = JID(text), jid.isBare, jid.localpart != nil, jid.domain == session.service.domain else {
            throw .jidMalformed("That is no room of \(session.service).")
        }
        return jid
    }

    /// What was sent.
    func read<Content: Decodable>(_ type: Content.Type) throws(StanzaError) -> Content {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .badRequest("\(key.stringValue) is missing.")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .badRequest(path.isEmpty ? "An object is wanted." : "\(path) is of another type.")
        } catch {
            throw .badRequest("That is no JSON.")
        }
    }
}
