import MUC
import XMPP

/// Whose service it is, and who we are there.
struct RemoteMUCSettings: Sendable {
    /// The domain of the MUC service.
    let service: JID
    /// `samepage@web.example.org/keeper`: who makes rooms. No visitor can have this address, since theirs are made by
    /// us (26 characters).
    let keeper: JID
    let keeperNick = "samepage"
    /// Bare JIDs that own the rooms we make.
    let admins: [JID]
    var limits: RemoteMUCLimits

    /// Nil when `domain` is no domain.
    init?(service: JID, domain: JID, admins: [JID], limits: RemoteMUCLimits) {
        guard let keeper = JID(localpart: "samepage", domain: domain.domain, resource: "keeper") else { return nil }
        self.service = service
        self.keeper = keeper
        self.admins = Array(admins.prefix(limits.admins))
        self.limits = limits
    }
}

extension RemoteMUC {
    /// As the operator has configured it; nil when an address is none, which the configuration has made sure of.
    ///
    /// - Parameter policy: Which rooms are pages'.
    convenience init?(_ configuration: Configuration, policy: any RoomPolicy) {
        guard let service = JID(configuration.rooms.service), let domain = JID(configuration.domain),
            let settings = RemoteMUCSettings(
                service: service, domain: domain, admins: configuration.admins.compactMap(JID.init),
                limits: RemoteMUCLimits(configuration))
        else { return nil }
        self.init(settings: settings, policy: policy)
    }
}
