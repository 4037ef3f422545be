import Foundation
import WebWire
import XMPP

/// `/.well-known/host-meta` and `host-meta.json` (XEP-0156 §3): how clients find the WebSocket and BOSH.
struct HostMeta {
    private static let namespace = "http://docs.oasis-open.org/ns/xri/xrd-1.0"

    let base: PublicBase

    private var links: [Document.Link] {
        [
            .init(rel: "urn:xmpp:alt-connections:websocket", href: base.webSocketURL),
            .init(rel: "urn:xmpp:alt-connections:xbosh", href: base.boshURL),
        ]
    }

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
        let document = Element(
            "XRD", Self.namespace, links.map { Element("Link", Self.namespace, ["rel": $0.rel, "href": $0.href]) })
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
        JSON.encode(Document(links: links))
    }
}
