import XMPP

extension Namespace {
    /// XEP-0334.
    static let hints = "urn:xmpp:hints"
    /// XEP-0045 §16.5.3: the form of an owner.
    static let mucRoomConfig = "http://jabber.org/protocol/muc#roomconfig"
    /// Ours: `<x xmlns='urn:samepage:link:0' state='down'/>` in a notice about the connection to a room.
    static let link = "urn:samepage:link:0"
}
