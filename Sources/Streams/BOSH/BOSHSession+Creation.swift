import XMPP

/// The request that makes a session, and its answer (XEP-0124 §7, XEP-0206 §3–§4).
extension BOSHSession {
    /// Opens the stream. What the request carries besides is read next, so that its answer may bring more than features.
    mutating func begin(_ request: BOSHRequest, now: Int64) -> [Action] {
        guard let host = request.to, !host.isEmpty else { return terminate(.improperAddressing, now: now) }
        var actions: [Action] = []
        for action in stream.opened(to: host, version: request.xmppVersion ?? "1.0") {
            switch action {
            case .send(let element): outgoing.append(element)
            case .fail(let error) where error.condition == .hostUnknown: actions += terminate(.hostUnknown, now: now)
            case .fail(let error): actions += end(with: error, now: now)
            default: break
            }
        }
        return actions
    }

    /// What was agreed on.
    var agreement: [Element.Attribute] {
        var attributes: [Element.Attribute] = []
        func say(_ name: String, _ value: some CustomStringConvertible) {
            attributes.append(.init(name: name, value: value.description))
        }
        say("sid", sid)
        say("wait", wait / 1_000)
        say("requests", requests)
        say("hold", hold)
        say("inactivity", inactivity / 1_000)
        say("maxpause", limits.maxPause / 1_000)
        say("polling", limits.polling / 1_000)
        say("ver", version)
        say("from", stream.domain)
        // §9.1: the rid of this very request, as a promise to go on.
        if acknowledges { say("ack", created) }
        attributes.append(.init(name: "restartlogic", namespace: Namespace.xbosh, value: "true"))
        attributes.append(.init(name: "version", namespace: Namespace.xbosh, value: "1.0"))
        return attributes
    }
}
