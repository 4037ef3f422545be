import Foundation
import WebWire
import XMPP

/// `/.well-known/host-meta` and `host-meta.json` (XEP-0156 §3): how clients find the WebSocket.
struct HostMeta {
    private static let relation = "urn:xmpp:alt-connections:websocket"
    private static let namespace = "http://docs.oasis-open.org/ns/xri/xrd-1.0"

    let base: PublicBase

    func answer(isJSON: Bool) -> HTTPResponse {
        HTTPResponse(
            status: .ok,
            headers: [
                "Content-Type": isJSON ? "application/json" : "application/xrd+xml; charset=utf-8",
                "Cache-Control": "public, max-age=3600",
            ],
            body: isJSON ? json : xml)
    }

    private var xml: [UInt8] {
        let link = Element("Link", Self.namespace, ["rel": Self.relation, "href": base.webSocketURL])
        let document = Element("XRD", Self.namespace, [link])
        return Array("<?xml version='1.0' encoding='utf-8'?>\n".utf8) + document.serialized
    }

    private struct Document: Encodable {
        struct Link: Encodable {
            let rel: String
            let href: String
        }
        let links: [Link]
    }

    private var json: [UInt8] {
        JSON.encode(Document(links: [.init(rel: Self.relation, href: base.webSocketURL)]))
    }
}
