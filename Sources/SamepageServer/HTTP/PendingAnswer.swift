import EventLoop
import WebWire

/// A request whose answer comes later: a BOSH request that is held.
///
/// Answered once, or lost when its connection goes first.
@EventLoop
final class PendingAnswer {
    /// Told when the connection is gone before the answer.
    var onLoss: (@EventLoop () -> Void)?
    /// What every answer to this request gets besides, whoever makes it: the fields of CORS.
    var amend: (@EventLoop (inout HTTPResponse) -> Void)?
    private var send: (@EventLoop (HTTPResponse) -> Void)?

    init(_ send: @escaping @EventLoop (HTTPResponse) -> Void) {
        self.send = send
    }

    var isDone: Bool { send == nil }

    func answer(_ response: HTTPResponse) {
        guard let send else { return }
        self.send = nil
        onLoss = nil
        var response = response
        amend?(&response)
        send(response)
    }

    func lose() {
        let onLoss = onLoss
        send = nil
        self.onLoss = nil
        onLoss?()
    }
}
