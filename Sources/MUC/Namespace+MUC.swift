import XMPP

extension Namespace {
    /// XEP-0091, the predecessor of XEP-0203: only to be removed.
    static let legacyDelay = "jabber:x:delay"
    /// XEP-0068: a form field of ours in `muc#roominfo`, the URL of the room's page.
    static let pageURLField = "{urn:samepage:page:0}url"
    /// The node that tells an occupant its nick (XEP-0045 §7.12).
    static let roomUserItem = "x-roomuser-item"
}
