import XMPP

/// Fields of the owner's form of our own, in a namespace of our own (XEP-0068 §3.4).
extension RoomConfiguration {
    static let slowModeField = "{\(Namespace.moderationCommands)}slow-mode"
    static let holdField = "{\(Namespace.moderationCommands)}hold-first"
    private static let wordsField = "{\(Namespace.moderationCommands)}words"
    private static let domainsField = "{\(Namespace.moderationCommands)}domains"
    private static let actionField = "{\(Namespace.moderationCommands)}filter-action"

    static let moderationFields: [ConfigurationField] = [
        ConfigurationField(
            name: slowModeField, type: "text-single", label: "Seconds between two messages of one person",
            values: { [String($0.moderation.slowMode)] },
            set: { configuration, values, _ throws(StanzaError) in
                guard values.count == 1, let seconds = values.first.flatMap({ Int($0) }),
                    (0...RoomModeration.slowest).contains(seconds)
                else { throw refusal(slowModeField, "a number from 0 to \(RoomModeration.slowest).") }
                configuration.moderation.slowMode = seconds
            }),
        ConfigurationField(
            name: holdField, type: "boolean", label: "Moderators see the first message of newcomers before others do",
            values: { [$0.moderation.holdsFirstMessages ? "1" : "0"] },
            set: { configuration, values, _ throws(StanzaError) in
                guard values.count <= 1, let flag = DataForm.boolean(values.first ?? "0") else {
                    throw refusal(holdField, "0 or 1.")
                }
                configuration.moderation.holdsFirstMessages = flag
            }),
        ConfigurationField(
            name: wordsField, type: "text-multi", label: "Words that are not welcome",
            values: { $0.moderation.filter.words },
            set: { configuration, values, limits throws(StanzaError) in
                configuration.moderation.filter.words = try entries(values, wordsField, limits.moderation)
            }),
        ConfigurationField(
            name: domainsField, type: "text-multi", label: "Domains that are not welcome",
            values: { $0.moderation.filter.domains },
            set: { configuration, values, limits throws(StanzaError) in
                configuration.moderation.filter.domains = try entries(values, domainsField, limits.moderation)
            }),
        ConfigurationField(
            name: actionField, type: "list-single", label: "What becomes of a message with one of them",
            options: [
                DataForm.Option("reject", label: "It goes back"),
                DataForm.Option("hold", label: "Moderators see it first"),
                DataForm.Option("hide", label: "Only its author sees it"),
            ],
            values: { [$0.moderation.filter.action.rawValue] },
            set: { configuration, values, _ throws(StanzaError) in
                guard values.count == 1, let action = values.first.flatMap(FilterRules.Action.init) else {
                    throw refusal(actionField, "reject, hold or hide.")
                }
                configuration.moderation.filter.action = action
            }),
    ]

    /// Lines of a form: empty ones do not count, no line twice.
    private static func entries(
        _ values: [String], _ name: String, _ limits: ModerationLimits
    ) throws(StanzaError) -> [String] {
        guard values.count <= limits.filterEntries else {
            throw refusal(name, "at most \(limits.filterEntries) lines.")
        }
        var entries: [String] = []
        var known: Set<String> = []
        for value in values where value.contains(where: { !$0.isWhitespace }) {
            guard value.utf8.count <= limits.filterLength, !TextFilter.folded(value).isEmpty else {
                throw refusal(name, "at most \(limits.filterLength) bytes in a line, with something to be seen.")
            }
            let entry = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if known.insert(entry).inserted { entries.append(entry) }
        }
        return entries
    }

    private static func refusal(_ name: String, _ text: String) -> StanzaError { .notAcceptable("\(name): \(text)") }
}
