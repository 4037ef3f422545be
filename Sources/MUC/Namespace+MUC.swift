import XMPP

extension Namespace {
    /// XEP-0091, the predecessor of XEP-0203: only to be removed.
    static let legacyDelay = "jabber:x:delay"
    /// XEP-0068: a form field of ours in `muc#roominfo`, the URL of the room's page.
    static let pageURLField = "{urn:samepage:page:0}url"
    /// Ours: reading a room without a nick, and how many do (docs/xeps.md).
    static let lurk = "urn:samepage:lurk:0"
    /// XEP-0068: a form field of ours in `muc#roominfo`.
    static let readersField = "{urn:samepage:room:0}readers"
    /// XEP-0068: a field of ours in `muc#roomconfig`.
    static let registrationField = "{urn:samepage:room:0}register"
    static let mucRoomConfig = "http://jabber.org/protocol/muc#roomconfig"
    /// XEP-0045 §7.13, §8.6: the form that asks for voice, and the one that grants it.
    static let mucRequest = "http://jabber.org/protocol/muc#request"
    /// XEP-0045 §7.10.
    static let mucRegister = "http://jabber.org/protocol/muc#register"
    /// XEP-0077.
    static let register = "jabber:iq:register"
    /// XEP-0249.
    static let directInvitation = "jabber:x:conference"
    /// XEP-0317, and what it was called before.
    static let hats = "urn:xmpp:hats:0"
    static let legacyHats = "http://prosody.im/protocol/hats:1"
    /// XEP-0424.
    package static let retraction = "urn:xmpp:message-retract:1"
    static let legacyRetraction = "urn:xmpp:message-retract:0"
    /// XEP-0425.
    package static let moderation = "urn:xmpp:message-moderate:1"
    static let legacyModeration = "urn:xmpp:message-moderate:0"
    /// XEP-0422, which older versions of both were built upon.
    static let fastening = "urn:xmpp:fasten:0"
    /// XEP-0153.
    static let vCardUpdate = "vcard-temp:x:update"
    /// The node that tells an occupant its nick (XEP-0045 §7.12).
    static let roomUserItem = "x-roomuser-item"
}
