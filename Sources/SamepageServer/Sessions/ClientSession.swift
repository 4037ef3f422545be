import EventLoop
import XMPP

/// A bound XMPP session of a browser tab or another client, whatever carries it.
@EventLoop
protocol ClientSession: AnyObject {
    /// The full address.
    var jid: JID? { get }
    /// Queues a stanza for the client; `to` is filled in.
    func deliver(_ stanza: StanzaBytes)
    /// Ends the session from our side.
    func end(with error: StreamError)
}
