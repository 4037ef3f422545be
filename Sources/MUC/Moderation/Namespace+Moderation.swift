import XMPP

extension Namespace {
    /// Ours: commands, fields and payloads of moderators (docs/moderation.md).
    package static let moderationCommands = "urn:samepage:moderation:0"
    /// XEP-0050.
    package static let commands = "http://jabber.org/protocol/commands"
}
