import MUC
import Streams
import XMPP

/// The configured limits in the words of the modules that keep them.
extension XMLLimits {
    init(_ limits: Limits) {
        self.init()
        stanzaBytes = limits.stanzaSize
        depth = limits.xmlDepth
        attributes = limits.xmlAttributes
        elements = limits.xmlElements
        namespaces = limits.xmlNamespaces
        namespaceBytes = limits.xmlNamespaceSize
    }
}

extension StreamManagement.Limits {
    init(_ limits: Limits) {
        // An eighth of a connection's queue is for what else is said when all of this is sent again at once.
        self.init(stanzas: limits.unacknowledged, bytes: limits.sendQueue / 8 * 7)
    }
}

extension BOSHLimits {
    init(_ limits: Limits) {
        self.init()
        wait = limits.boshWait.milliseconds
        hold = limits.boshHold
        inactivity = limits.boshInactivity.milliseconds
        maxPause = limits.boshMaxPause.milliseconds
        polling = limits.boshPolling.milliseconds
        queue = limits.sendQueue
    }
}

extension MUCLimits {
    init(_ configuration: Configuration) {
        self.init()
        let limits = configuration.limits
        nickLength = limits.nickLength
        portableNicks = configuration.components.contains { $0.serves == .rooms }
        nickInterval = limits.nickInterval.milliseconds
        roomsPerSession = limits.roomsPerSession
        occupantsPerRoom = limits.occupantsPerRoom
        readersPerRoom = limits.readersPerRoom
        quietAbove = configuration.rooms.quietAbove
        rooms = limits.rooms
        history = configuration.rooms.history
        historySize = limits.historyPerRoom
        sessionsPerOccupant = limits.sessionsPerNick
        subjectSize = limits.subjectSize
        presenceSize = limits.presenceSize
        affiliationsPerRoom = limits.affiliationsPerRoom
        adminItems = limits.adminItems
        invitationsPerRoom = limits.invitationsPerRoom
        invitationsPerPerson = limits.invitationsPerPerson
        voiceRequestInterval = limits.voiceRequestInterval.milliseconds
        discoItems = limits.discoItems
        archiveQueue = limits.archiveQueue
        archiveQueueSize = limits.archiveQueueSize
        heldOutput = limits.heldOutput
        loadTimeout = limits.archiveWait.milliseconds
        archiveQueriesPerSession = limits.archiveQueries
        archivePage = configuration.archive.pageSize
        archivePageSize = limits.archivePageSize
        moderation = ModerationLimits(configuration.moderation)
    }
}
