import XMPP

/// Stream management (XEP-0198): what is said on the stream. What is counted and kept is in `StreamManagement`.
extension ClientStream {
    mutating func manage(_ element: Element) -> [Action] {
        switch (element.name, state) {
        case (_, .closed): return []
        case ("enable", .bound(let jid)):
            guard isManageable else { return refuse(StreamManagement.failed(.featureNotImplemented)) }
            // §3: at most one attempt.
            guard !isManaged else { return fail(.policyViolation, "Stream management is on already.") }
            state = .enabling(jid)
            return [.enable(StreamManagement.EnableRequest(element))]
        case ("resume", .authenticated):
            guard isManageable else { return refuse(StreamManagement.failed(.featureNotImplemented)) }
            guard let request = StreamManagement.ResumeRequest(element) else {
                return refuse(StreamManagement.failed(.badRequest))
            }
            state = .resuming(request)
            return [.resume(request)]
        case ("enable", _), ("resume", _):
            // §3: not before authentication and binding; and nothing can be resumed after it.
            return refuse(StreamManagement.failed(.unexpectedRequest))
        case ("r", .bound) where isManaged: return [.acknowledge]
        case ("a", .bound) where isManaged:
            guard let handled = StreamManagement.count(element["h"]) else {
                return fail(.badFormat, "An acknowledgement has a number from 0 to 4294967295.")
            }
            return [.acknowledged(handled)]
        case ("r", _), ("a", _): return fail(.unsupportedStanzaType, "Stream management is not on.")
        default: return fail(.unsupportedStanzaType, element.name)
        }
    }

    /// The answer to `.enable`. Everything counts from here on.
    package mutating func enabled(_ resumption: StreamManagement.Resumption?) -> [Action] {
        guard case .enabling(let jid) = state else { return [] }
        isManaged = true
        let answer = StreamManagement.enabled(resumption)
        guard inline == nil else { return finishBind(jid, [answer]) }
        state = .bound(jid)
        return [.send(answer)]
    }

    /// The answer to `.resume`: the client has this address again. What it has not acknowledged follows.
    /// - Parameter handled: how many of its stanzas were.
    package mutating func resumed(as jid: JID, handled: UInt32) -> [Action] {
        guard case .resuming(let request) = state else { return [] }
        state = .bound(jid)
        isManaged = true
        let answer = StreamManagement.resumed(request.id, handled: handled)
        guard inline != nil else { return [.send(answer)] }
        // §9.2: what was to be bound is ignored, and no features follow.
        inline?.results.append(answer)
        return succeed(as: jid)
    }

    /// The other answer to `.resume`; the client may bind instead.
    /// - Parameter handled: what is still known of a session that has timed out.
    package mutating func resumptionFailed(handled: UInt32?) -> [Action] {
        guard case .resuming = state else { return [] }
        let answer = StreamManagement.failed(.itemNotFound, handled: handled)
        guard inline != nil else {
            state = .authenticated
            return refuse(answer)
        }
        inline?.results.append(answer)
        return bindInline()
    }
}
