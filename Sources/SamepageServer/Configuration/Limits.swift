import MUC
import Streams
import XMPP

/// Every bound on what clients may send, hold and do, with the defaults for anonymous visitors.
///
/// `Int.max` and `Rate.unlimited` stand for no limit. `Setting.all` documents each and gives its range.
package struct Limits: Hashable, Sendable {
    /// Which defaults the rate and count limits have.
    package enum Profile: String, CaseIterable, Sendable {
        /// For strangers from the Internet.
        case visitors
        /// No rate and count limits: benchmarks, trusted networks.
        case open
    }

    package var profile = Profile.visitors

    // What one message may be.
    package var stanzaSize = 64 * 1_024
    package var xmlDepth = XMLLimits().depth
    package var xmlAttributes = XMLLimits().attributes
    package var xmlElements = XMLLimits().elements
    package var xmlNamespaces = XMLLimits().namespaces
    /// Bytes.
    package var xmlNamespaceSize = XMLLimits().namespaceBytes
    package var httpHead = 8 * 1_024
    package var httpURI = 4 * 1_024
    package var nickLength = MUCLimits().nickLength

    /// Longest HTTP request body in bytes: a stanza and the BOSH body around it.
    package var httpBody: Int { stanzaSize + 4 * 1_024 }

    // Links to XMPP servers.
    /// Bytes.
    package var componentStanzaSize = 512 * 1_024
    /// Bytes.
    package var linkQueue = 4 * 1_024 * 1_024
    package var remoteSenders = 10_000

    // How long things may take.
    package var headTimeout = Duration.seconds(10)
    package var bodyTimeout = Duration.seconds(15)
    package var keepAliveTimeout = Duration.seconds(30)
    package var authenticationTimeout = Duration.seconds(30)
    package var pingInterval = Duration.seconds(30)
    package var deadAfter = Duration.seconds(60)

    // Connections and sessions.
    /// 0: as many as the process may open descriptors.
    package var connections = 0
    package var sessionsPerAddress = 100
    package var newSessionsPerAddress = 30
    package var newSessionsWindow = Duration.seconds(10)
    package var detachedSessions = 10_000
    package var trackedAddresses = 100_000
    package var sessionsPerVisitor = 20
    package var revocations = 100_000
    package var sendQueue = 1_024 * 1_024

    // What one session may send; messages: one visitor.
    package var messageRate = Rate.perSecond(2)
    package var messageBurst = 10
    package var stanzaRate = Rate.perSecond(10)
    package var stanzaBurst = 60
    /// Bytes per second.
    package var byteRate = Rate.perSecond(256 * 1_024)
    /// Bytes.
    package var byteBurst = 1_024 * 1_024
    package var controlFrames = 100
    package var nickInterval = Duration.seconds(5)

    // Moderation over HTTP, by bearer of a token.
    package var adminRate = Rate.perSecond(10)
    package var adminBurst = 60

    // Stream management (XEP-0198).
    package var resumeWindow = Duration.seconds(300)
    package var resumeAfterClose = Duration.seconds(15)
    package var unacknowledged = StreamManagement.Limits().stanzas

    // BOSH (XEP-0124).
    package var boshWait = Duration.milliseconds(BOSHLimits().wait)
    package var boshHold = BOSHLimits().hold
    package var boshInactivity = Duration.milliseconds(BOSHLimits().inactivity)
    package var boshMaxPause = Duration.milliseconds(BOSHLimits().maxPause)
    package var boshPolling = Duration.milliseconds(BOSHLimits().polling)

    // Rooms.
    package var roomsPerSession = MUCLimits().roomsPerSession
    package var occupantsPerRoom = MUCLimits().occupantsPerRoom
    package var readersPerRoom = MUCLimits().readersPerRoom
    package var sessionsPerNick = MUCLimits().sessionsPerOccupant
    /// Bytes.
    package var subjectSize = MUCLimits().subjectSize
    /// Bytes.
    package var presenceSize = MUCLimits().presenceSize
    package var affiliationsPerRoom = MUCLimits().affiliationsPerRoom
    package var adminItems = MUCLimits().adminItems
    package var invitationsPerRoom = MUCLimits().invitationsPerRoom
    package var invitationsPerPerson = MUCLimits().invitationsPerPerson
    package var voiceRequestInterval = Duration.milliseconds(MUCLimits().voiceRequestInterval)
    package var discoItems = MUCLimits().discoItems
    package var rooms = MUCLimits().rooms
    /// Bytes.
    package var historyPerRoom = MUCLimits().historySize
    package var archiveQueue = MUCLimits().archiveQueue
    /// Bytes.
    package var archiveQueueSize = MUCLimits().archiveQueueSize
    package var heldOutput = MUCLimits().heldOutput
    package var archiveWait = Duration.milliseconds(MUCLimits().loadTimeout)
    package var archiveQueries = MUCLimits().archiveQueriesPerSession
    /// Bytes.
    package var archivePageSize = MUCLimits().archivePageSize

    /// The defaults of the profile `visitors`.
    package init() {}
}
