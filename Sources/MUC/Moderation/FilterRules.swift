/// Words and domains that messages must not hold, and what becomes of those that do.
package struct FilterRules: Hashable, Sendable {
    package enum Action: String, CaseIterable, Sendable {
        /// Back to its author, saying why.
        case reject
        /// Moderators see it first.
        case hold
        /// Its author, and nobody else, sees it.
        case hide
    }

    /// At most `ModerationLimits.filterEntries` of both together, each of `ModerationLimits.filterLength` bytes.
    package var words: [String] = []
    package var domains: [String] = []
    package var action = Action.reject

    package init() {}

    var isEmpty: Bool { words.isEmpty && domains.isEmpty }
}
