import EventLoop
import Streams
import XMPP

/// Stream management (XEP-0198) on this connection.
extension WebSocketSession {
    func enable(_ request: StreamManagement.EnableRequest) {
        var resumption: StreamManagement.Resumption?
        if request.isResumable {
            let longest = Int(clamping: server.configuration.limits.resumeWindow.milliseconds / 1_000)
            // 26 characters of base 32: 130 random bits. With the identity, they are the key to the session.
            resumption = StreamManagement.Resumption(
                id: RandomID.base32(length: 26), window: min(longest, request.maximum ?? longest))
        }
        let session = ManagedSession(visitor, resumption, connection: self, server: server)
        manage(session)
        server.visitors.replace(self, by: session)
        server.resumables.add(session)
        perform(stream.enabled(resumption))
    }

    func resume(_ request: StreamManagement.ResumeRequest) {
        guard let identity = visitor.identity else { return perform(stream.resumptionFailed(handled: nil)) }
        guard let session = server.resumables.session(request.id, of: identity), let jid = session.jid else {
            server.metrics.refusedResumptions += 1
            return perform(stream.resumptionFailed(handled: server.resumables.handled(request.id, of: identity)))
        }
        let verdict = session.resume(request.handled, on: self) {
            manage(session)
            startLivenessChecks()
            perform(stream.resumed(as: jid, handled: session.management.handled))
        }
        switch verdict {
        case .resumed: break
        case .impossible:
            server.metrics.refusedResumptions += 1
            perform(stream.resumptionFailed(handled: session.management.handled))
        case .refused(let error):
            server.metrics.refusedResumptions += 1
            end(with: error)
        }
    }

    func acknowledged(_ h: UInt32) {
        switch managed?.acknowledged(h) {
        case .failure(let error): end(with: error)
        // Nothing was asked and nothing is told: that is as good as a ping.
        case .success(false): _ = passesControlFrame()
        case .success(true), nil: break
        }
    }

    func acknowledge() {
        guard let managed, passesControlFrame() else { return }
        send(StreamManagement.answer(managed.management.handled).serialized)
    }

    func requestAcknowledgement() { send(StreamManagement.request) }

    /// The client has resumed its session on another connection.
    func replaced() {
        manage(nil)
        end(with: StreamError(.conflict, "The session goes on elsewhere."))
    }
}
