import MUC
import XMPP

extension Setting {
    /// How rooms are kept clean.
    static let moderation: [Setting] = [
        .integer("moderation.bans", \.moderation.bans, 1...1_000_000, "Bans by command, of all rooms together."),
        .duration(
            "moderation.network-ban", \.moderation.networkBan, 60...31_536_000,
            "How long a ban counts for networks at most."),
        .duration(
            "moderation.network-memory", \.moderation.networkMemory, 0...86_400,
            "How long after somebody has gone a ban can still be widened to that one's network."),
        .integer(
            "moderation.log", \.moderation.log, 100...1_000_000,
            "Acts of moderators that are kept; the oldest go first."),
        .list(
            "moderation.words", \.moderation.words, "Words that are not welcome in any room.",
            parse: { items throws(InvalidValue) in try entries(items) }),
        .list(
            "moderation.domains", \.moderation.domains,
            "Domains that are not welcome in any room, nor their subdomains.",
            parse: { items throws(InvalidValue) in try entries(items) }),
        .choice(
            "moderation.filter-action", \.moderation.filterAction,
            "What becomes of a message with one of them: it goes back (`reject`), moderators see it first (`hold`), or only "
                + "its author sees it (`hide`)."),
        .duration(
            "moderation.hold-time", \.moderation.holdTime, 60...86_400,
            "How long a message waits for a moderator before it goes back."),
        .count(
            "moderation.flood-messages", \.moderation.floodMessages, 1...1_000_000,
            "Messages in a room within the window; more are a flood, and the room closes itself step by step."),
        .duration("moderation.flood-window", \.moderation.floodWindow, 1...600, "The length of that window."),
        .duration(
            "moderation.flood-slow-mode", \.moderation.floodSlowMode, 1...3_600,
            "The time between two messages of one person while a room is flooded."),
        .duration(
            "moderation.flood-calm", \.moderation.floodCalm, 1...86_400,
            "How long it has to be calm before a room opens itself again by one step."),
        .duration(
            "moderation.flood-patience", \.moderation.floodPatience, 0...604_800,
            "How long somebody who only reads must have been in a room before a flood to count as heard before it; 0: "
                + "only who has spoken counts."),
        .text(
            "moderation.hat-owner", \.moderation.hatOwner,
            "What owners by configuration and by token are called beside their name (XEP-0317); `none`: nothing.",
            parse: { text throws(InvalidValue) in try hat(text) }),
        .text(
            "moderation.hat-admin", \.moderation.hatAdmin, "What admins by token are called.",
            parse: { text throws(InvalidValue) in try hat(text) }),
        .text(
            "moderation.hat-moderator", \.moderation.hatModerator, "What moderators by token are called.",
            parse: { text throws(InvalidValue) in try hat(text) }),
        .count(
            "moderation.reports", \.moderation.reports, 1...1_000, "Reports of one person in one room within an hour."),
        .text(
            "moderation.staff-room", \.moderation.staffRoom,
            "The room where all reports are told: its JID, of `rooms.service`.", defaultText: "none", show: { $0 },
            parse: { text throws(InvalidValue) in
                guard let jid = JID(text), jid.isBare, jid.localpart != nil else {
                    throw InvalidValue("must be the JID of a room such as staff@rooms.example.org")
                }
                return jid.description
            }),
    ]

    private static func hat(_ text: String) throws(InvalidValue) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        guard isPlain, text.utf8.count <= 64 else { throw InvalidValue("must be a word or two, of at most 64 bytes") }
        return text == "none" ? "" : text
    }

    private static func entries(_ items: [String]) throws(InvalidValue) -> [String] {
        let limits = ModerationLimits()
        guard items.allSatisfy({ $0.utf8.count <= limits.filterLength }) else {
            throw InvalidValue("must be words of at most \(limits.filterLength) bytes each")
        }
        return items
    }
}
