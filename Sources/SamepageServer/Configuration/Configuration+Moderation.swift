import MUC

extension Configuration {
    /// How rooms are kept clean.
    package struct Moderation: Hashable, Sendable {
        package var bans = ModerationLimits().bans
        package var networkBan = Duration.milliseconds(ModerationLimits().networkBan)
        package var networkMemory = Duration.milliseconds(ModerationLimits().networkMemory)
        /// Acts.
        package var log = ModerationLimits().acts
        package var words: [String] = []
        package var domains: [String] = []
        package var filterAction = FilterRules.Action.reject
        package var holdTime = Duration.milliseconds(ModerationLimits().holdTime)
        /// Messages in a window.
        package var floodMessages = ModerationLimits().floodMessages
        package var floodWindow = Duration.milliseconds(ModerationLimits().floodWindow)
        package var floodSlowMode = Duration.seconds(ModerationLimits().floodSlowMode)
        package var floodCalm = Duration.milliseconds(ModerationLimits().floodCalm)
        package var floodPatience = Duration.milliseconds(ModerationLimits().floodPatience)
        /// What staff is called; empty for nothing.
        package var hatOwner = "Owner"
        package var hatAdmin = "Admin"
        package var hatModerator = "Moderator"
        package var reports = ModerationLimits().reportsPerPerson
        /// The bare JID of a room of ours.
        package var staffRoom: String?

        var hatTitles: [StaffRole: String] { [.owner: hatOwner, .admin: hatAdmin, .moderator: hatModerator] }

        var filter: FilterRules {
            var rules = FilterRules()
            rules.words = words
            rules.domains = domains
            rules.action = filterAction
            return rules
        }
    }
}

extension ModerationLimits {
    init(_ configuration: Configuration.Moderation) {
        self.init()
        bans = configuration.bans
        networkBan = configuration.networkBan.milliseconds
        networkMemory = configuration.networkMemory.milliseconds
        acts = configuration.log
        holdTime = configuration.holdTime.milliseconds
        floodMessages = configuration.floodMessages
        floodWindow = configuration.floodWindow.milliseconds
        floodSlowMode = Int(configuration.floodSlowMode.milliseconds / 1_000)
        floodCalm = configuration.floodCalm.milliseconds
        floodPatience = configuration.floodPatience.milliseconds
        reportsPerPerson = configuration.reports
    }
}
