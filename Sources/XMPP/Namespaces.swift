/// XML namespaces, named once. Groups follow the document that registers them.
package enum Namespace {
    // RFC 6120, RFC 7395
    package static let client = "jabber:client"
    package static let streams = "http://etherx.jabber.org/streams"
    package static let streamErrors = "urn:ietf:params:xml:ns:xmpp-streams"
    package static let stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"
    package static let sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    package static let bind = "urn:ietf:params:xml:ns:xmpp-bind"
    package static let session = "urn:ietf:params:xml:ns:xmpp-session"
    /// XEP-0388
    package static let sasl2 = "urn:xmpp:sasl:2"
    /// XEP-0386
    package static let bind2 = "urn:xmpp:bind:0"
    /// XEP-0198
    package static let management = "urn:xmpp:sm:3"
    package static let framing = "urn:ietf:params:xml:ns:xmpp-framing"
    /// XEP-0124: the `<body/>` around everything.
    package static let httpBind = "http://jabber.org/protocol/httpbind"
    /// XEP-0206: the attributes of XMPP on that body.
    package static let xbosh = "urn:xmpp:xbosh"
    /// XEP-0114: what `jabber:client` is called on the stream of a component.
    package static let componentAccept = "jabber:component:accept"
    package static let xml = "http://www.w3.org/XML/1998/namespace"
    package static let xmlns = "http://www.w3.org/2000/xmlns/"

    // Service discovery and friends
    package static let discoInfo = "http://jabber.org/protocol/disco#info"
    package static let discoItems = "http://jabber.org/protocol/disco#items"
    package static let dataForms = "jabber:x:data"
    package static let version = "jabber:iq:version"
    package static let time = "urn:xmpp:time"
    package static let ping = "urn:xmpp:ping"
    package static let delay = "urn:xmpp:delay"
    package static let stanzaIDs = "urn:xmpp:sid:0"
    package static let occupantID = "urn:xmpp:occupant-id:0"
    package static let vCard = "vcard-temp"
    /// XEP-0157: the form with the contact addresses.
    package static let serverInfo = "http://jabber.org/network/serverinfo"
    package static let chatStates = "http://jabber.org/protocol/chatstates"
    /// XEP-0122.
    package static let dataValidation = "http://jabber.org/protocol/xdata-validate"
    /// XEP-0313.
    package static let mam = "urn:xmpp:mam:2"
    /// XEP-0059.
    package static let resultSets = "http://jabber.org/protocol/rsm"
    /// XEP-0297.
    package static let forward = "urn:xmpp:forward:0"

    // XEP-0045
    package static let muc = "http://jabber.org/protocol/muc"
    package static let mucUser = "http://jabber.org/protocol/muc#user"
    package static let mucAdmin = "http://jabber.org/protocol/muc#admin"
    package static let mucOwner = "http://jabber.org/protocol/muc#owner"
    package static let mucRoomInfo = "http://jabber.org/protocol/muc#roominfo"
    /// XEP-0410: announced by a service that answers self-pings.
    package static let mucSelfPing = "http://jabber.org/protocol/muc#self-ping-optimization"
    /// XEP-0045 §18: announced by a service whose reflections keep the sender's `id`.
    package static let mucStableID = "http://jabber.org/protocol/muc#stable_id"

    /// Ours: `<page url='…' title='…' room='…'/>` in a join names the web page the visitor looks at.
    package static let page = "urn:samepage:page:0"
    /// Ours: `<token/>` brings a visitor back to its address, `<revoke/>` makes all of them worthless.
    package static let visitor = "urn:samepage:visitor:0"
}
