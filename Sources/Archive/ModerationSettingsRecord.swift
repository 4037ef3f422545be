import MUC

/// `RoomModeration` as a part of `ConfigurationRecord`.
struct ModerationSettingsRecord: Codable {
    var slowMode: Int?
    var holdsFirstMessages: Bool?
    var words: [String]?
    var domains: [String]?
    var filterAction: String?

    init(_ moderation: RoomModeration) {
        slowMode = moderation.slowMode
        holdsFirstMessages = moderation.holdsFirstMessages
        words = moderation.filter.words
        domains = moderation.filter.domains
        filterAction = moderation.filter.action.rawValue
    }

    var moderation: RoomModeration {
        var moderation = RoomModeration()
        if let slowMode { moderation.slowMode = slowMode }
        if let holdsFirstMessages { moderation.holdsFirstMessages = holdsFirstMessages }
        if let words { moderation.filter.words = words }
        if let domains { moderation.filter.domains = domains }
        if let action = filterAction.flatMap(FilterRules.Action.init) { moderation.filter.action = action }
        return moderation
    }
}
