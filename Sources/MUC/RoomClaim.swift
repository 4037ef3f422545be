import XMPP

/// What a visitor's widget says about the page it is on: `<page xmlns='urn:samepage:page:0' url='…' title='…' room='…'/>`
/// in the presence that joins. A claim and nothing more: the policy checks it.
package struct RoomClaim: Hashable, Sendable {
    /// `location.href` of the page.
    package var url: String
    package var title: String?
    /// The room of the site that the page asks for instead of its own.
    package var room: String?

    package init(url: String, title: String? = nil, room: String? = nil) {
        self.url = url
        self.title = title
        self.room = room
    }

    /// Nil when the presence claims no page.
    package init?(_ stanza: Stanza) {
        guard let page = stanza.child("page", Namespace.page), let url = page["url"] else { return nil }
        self.init(url: url, title: page["title"], room: page["room"])
    }
}
