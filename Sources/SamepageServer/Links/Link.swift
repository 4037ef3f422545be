import EventLoop
import XMPP

/// A connection to an XMPP server that carries the stanzas of one domain of ours.
@EventLoop
protocol Link: AnyObject {
    /// The domain; every stanza that is sent must come from it.
    var domain: JID { get }
    var serves: Configuration.Component.Service { get }
    var status: LinkStatus { get }

    /// Sends a stanza, or queues it while the first attempt to connect is under way.
    ///
    /// - Parameter head: The stanza without its payload, to be bounced should the attempt fail.
    /// - Returns: Why it was not taken; nil when it was.
    func send(_ stanza: StanzaBytes, to recipient: JID, head: Stanza?) -> LinkRefusal?

    /// Keeps a stanza until the link is up again: it is the first that is sent then. Past the bound of the queue it is
    /// dropped.
    func keep(_ stanza: StanzaBytes, to recipient: JID)

    /// Closes the stream; `LinkOwner.linkStopped` follows.
    func stop()
}

/// Why a link did not take a stanza.
enum LinkRefusal: Hashable, Sendable {
    /// There is no connection.
    case down
    /// Too much waits to be sent already (`limits.link-queue`).
    case full
    /// Larger than `limits.component-stanza-size`.
    case tooLarge(limit: Int)

    /// What the sender is told.
    var error: StanzaError {
        switch self {
        case .down:
            StanzaError(
                .remoteServerTimeout, .wait, "The connection to the XMPP network is down; try again in a while.")
        case .full:
            StanzaError(
                .resourceConstraint, .wait, "The connection to the XMPP network is busy; try again in a while.")
        case .tooLarge(let limit):
            StanzaError(.policyViolation, .modify, "At most \(limit) bytes can be sent to the XMPP network at once.")
        }
    }
}

/// Whom a link tells what happens.
@EventLoop
protocol LinkOwner: AnyObject {
    /// A stanza came; nobody has looked at its addresses yet.
    func link(_ link: any Link, received stanza: Stanza)
    /// A copy of a stanza that came before came, for another recipient.
    func link(_ link: any Link, receivedCopyOf stanza: RepeatedStanza, to recipient: JID)
    /// A stanza came that could not be read; the head, if there is one, says whom to tell.
    func link(_ link: any Link, refused head: Stanza?, _ error: StanzaError)
    /// A stanza that was queued will not be sent.
    func link(_ link: any Link, gaveUp head: Stanza, _ refusal: LinkRefusal)
    /// It is up now, or it was and is not any more.
    func linkChanged(_ link: any Link, isUp: Bool)
    /// The end of `stop`.
    func linkStopped(_ link: any Link)
}
