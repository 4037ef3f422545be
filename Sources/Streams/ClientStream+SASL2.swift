import XMPP

/// SASL2 (XEP-0388) with Bind 2 (XEP-0386): authentication, and whatever the client wants next, in one element and one
/// answer, without a restart of the stream.
extension ClientStream {
    /// What a client asks for together with its authentication, and what has come of it.
    struct InlineRequests: Sendable {
        enum Resume: Sendable {
            case session(StreamManagement.ResumeRequest)
            case refused(StanzaError.Condition)
        }

        /// XEP-0198 §9.2: looked at before anything is bound.
        var resume: Resume?
        /// The `<bind/>` of XEP-0386.
        var bind: Element?
        /// Children of `<success/>` so far.
        var results: [Element] = []
        /// Its last children.
        var extensions: [Element] = []
    }

    /// XEP-0388 §2.1.
    var authentication: Element {
        var bind = Element("bind", Namespace.bind2)
        var offered: [Element] = []
        if isManageable {
            let feature = Element("feature", Namespace.bind2, ["var": Namespace.management])
            bind.append(Element("inline", Namespace.bind2, [feature]))
            offered.append(Element("sm", Namespace.management))
        }
        offered.append(bind)
        return Element(
            "authentication", Namespace.sasl2,
            [
                Element("mechanism", Namespace.sasl2, text: "ANONYMOUS"),
                Element("inline", Namespace.sasl2, offered),
            ])
    }

    mutating func negotiateSASL2(_ element: Element) -> [Action] {
        switch element.name {
        case "authenticate":
            guard element["mechanism"] == "ANONYMOUS" else {
                return refuse(.invalidMechanism, "ANONYMOUS is the mechanism of this server.")
            }
            let response = element.child("initial-response", Namespace.sasl2)?.text ?? ""
            guard let trace = initialResponse(response) else { return refuse(.incorrectEncoding) }
            inline = InlineRequests(
                resume: element.child("resume", Namespace.management).map(resume),
                bind: element.child("bind", Namespace.bind2))
            state = .authenticating
            return [.authenticate(.anonymous(trace: trace))]
        case "abort": return refuse(.aborted)
        default: return refuse(.malformedRequest, "Nothing was asked that this could answer.")
        }
    }

    private mutating func refuse(_ condition: SASLFailure.Condition, _ text: String? = nil) -> [Action] {
        refuse(SASLFailure(condition, text).element(Namespace.sasl2))
    }

    private func resume(_ element: Element) -> InlineRequests.Resume {
        guard isManageable else { return .refused(.featureNotImplemented) }
        return StreamManagement.ResumeRequest(element).map { .session($0) } ?? .refused(.badRequest)
    }

    /// The client is who it is: now for the rest.
    mutating func negotiateInline(_ extensions: [Element]) -> [Action] {
        inline?.extensions = extensions
        switch inline?.resume {
        case .session(let request):
            state = .resuming(request)
            return [.resume(request)]
        case .refused(let condition):
            inline?.results.append(StreamManagement.failed(condition))
        case nil: break
        }
        return bindInline()
    }

    /// There is no session to come back to.
    mutating func bindInline() -> [Action] {
        guard let bind = inline?.bind else {
            state = .authenticated
            return identity.map { succeed(as: $0) + [.send(features)] } ?? []
        }
        state = .binding(id: nil)
        // XEP-0386 §3.2.1: the tag as it is, and something that makes it unique.
        let tag = bind.child("tag", Namespace.bind2)?.text ?? ""
        return [.bind(resource: tag.isEmpty ? nil : "\(tag)/\(RandomID.stream())")]
    }

    mutating func boundInline(to jid: JID) -> [Action] {
        guard let enable = inline?.bind?.child("enable", Namespace.management) else { return finishBind(jid, []) }
        guard isManageable else { return finishBind(jid, [StreamManagement.failed(.featureNotImplemented)]) }
        state = .enabling(jid)
        return [.enable(StreamManagement.EnableRequest(enable))]
    }

    /// What `<bound/>` says of the features that were to be enabled with it.
    mutating func finishBind(_ jid: JID, _ results: [Element]) -> [Action] {
        state = .bound(jid)
        inline?.results.append(Element("bound", Namespace.bind2, results))
        return succeed(as: jid) + [.send(features)]
    }

    /// XEP-0386 knows no failure. Whoever may not have a session has no use for the stream either.
    mutating func bindFailedInline(_ error: StanzaError) -> [Action] {
        inline = nil
        return fail(StreamError.Condition(rawValue: error.condition.rawValue) ?? .undefinedCondition, error.text)
    }

    /// XEP-0388 §2.6.1, with the results of all that was asked.
    mutating func succeed(as jid: JID) -> [Action] {
        guard let inline else { return [] }
        self.inline = nil
        let identifier = Element("authorization-identifier", Namespace.sasl2, text: jid.description)
        return [.send(Element("success", Namespace.sasl2, [identifier] + inline.results + inline.extensions))]
    }
}
