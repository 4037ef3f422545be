import WebWire
import XMPP

/// The server's side of a client's XML stream (RFC 6120), whatever carries it: features, SASL, resource binding, stream
/// management, and the check that nobody speaks in another's name.
///
/// A pure state machine: elements in, actions out. Who may log in, which address is given and which session comes back
/// are the caller's to say. Before it hands in anything else it answers
/// - `.authenticate` with `authenticated(as:extensions:)` or `authenticationFailed(_:)`,
/// - `.bind` with `bound(to:)` or `bindFailed(_:)`,
/// - `.enable` with `enabled(_:)`,
/// - `.resume` with `resumed(as:handled:)` or `resumptionFailed(handled:)`, or by ending the stream.
package struct ClientStream: Sendable {
    /// What the caller has to do, in this order.
    package enum Action: Hashable, Sendable {
        /// Answer the stream header with one of our own, with this id.
        case open(id: String)
        /// Send this element.
        case send(Element)
        /// Decide about these credentials.
        case authenticate(Credentials)
        /// Give the client a full address; it asked for this resource.
        case bind(resource: String?)
        /// Route this stanza; `from` is the client's own full address.
        case route(Stanza)
        /// The client's stanza is no good. This answers it, as a stanza like any other, if it may be answered.
        case refuse(Stanza?)
        /// Keep what is sent from now on until it is acknowledged, and count what is handled (XEP-0198 §3).
        case enable(StreamManagement.EnableRequest)
        /// Give this client the session that it had (XEP-0198 §5).
        case resume(StreamManagement.ResumeRequest)
        /// The client has handled so many stanzas.
        case acknowledged(UInt32)
        /// The client asks how many of its stanzas were handled.
        case acknowledge
        /// Send the error and end the stream.
        case fail(StreamError)
        /// The client ended the stream: answer in kind.
        case close
    }

    package enum Credentials: Hashable, Sendable {
        /// SASL ANONYMOUS (RFC 4505) with its trace string, which may be empty.
        case anonymous(trace: String)
    }

    enum State: Hashable, Sendable {
        case awaitingHeader
        case unauthenticated
        case authenticating
        case awaitingRestart
        case authenticated
        case resuming(StreamManagement.ResumeRequest)
        /// The id of the IQ, nil for Bind 2.
        case binding(id: String?)
        case enabling(JID)
        case bound(JID)
        case closed
    }

    /// Attempts at authentication; past it `policy-violation`, as RFC 6120 §6.4.5 wants a limit between 2 and 5.
    private static let maximumAttempts = 5

    package let domain: JID
    /// Whether there is stream management: BOSH keeps its sessions by other means.
    let isManageable: Bool
    var state = State.awaitingHeader
    private var attempts = 0
    /// The bare address, once authenticated.
    private(set) var identity: JID?
    /// What was asked together with an authentication that is under way.
    var inline: InlineRequests?
    /// Whether stream management is on.
    var isManaged = false

    /// - Parameter domain: the only host that this stream may be opened to.
    package init(domain: JID, isManageable: Bool) {
        self.domain = domain
        self.isManageable = isManageable
    }

    // MARK: - Stream header

    /// A stream header came (RFC 6120 §4.2, RFC 7395 §3.4), at the beginning or as the restart after SASL.
    package mutating func opened(to: String?, version: String?) -> [Action] {
        let isRestart = state == .awaitingRestart
        guard isRestart || state == .awaitingHeader else {
            return fail(.policyViolation, "The stream is open already.")
        }
        let opening = Action.open(id: RandomID.stream())
        guard let to, JID(to) == domain else {
            return [opening] + fail(.hostUnknown, "This server is \(domain).")
        }
        guard let version, version.hasPrefix("1.") else {
            return [opening] + fail(.unsupportedVersion, "XMPP version 1.0 is required.")
        }
        state = isRestart ? .authenticated : .unauthenticated
        return [opening, .send(features)]
    }

    /// The client ended its stream.
    package mutating func closed() -> [Action] {
        guard state != .closed else { return [] }
        state = .closed
        return [.close]
    }

    /// What may be negotiated now.
    var features: Element {
        let management = isManageable ? [Element("sm", Namespace.management)] : []
        let offered: [Element] =
            switch state {
            case .bound: isManaged ? [] : management
            case _ where identity != nil: [Element("bind", Namespace.bind)] + management
            default: [mechanisms, authentication]
            }
        return Element("features", Namespace.streams, offered)
    }

    private var mechanisms: Element {
        Element("mechanisms", Namespace.sasl, [Element("mechanism", Namespace.sasl, text: "ANONYMOUS")])
    }

    // MARK: - Elements

    /// A first-level element came.
    package mutating func received(_ element: Element) -> [Action] {
        switch state {
        case .closed: return []
        case .awaitingHeader:
            return [.open(id: RandomID.stream())] + fail(.notAuthorized, "A stream begins with its header.")
        case _ where element.namespace == Namespace.management: return manage(element)
        case .unauthenticated where element.namespace == Namespace.sasl: return negotiateSASL(element)
        case .unauthenticated where element.namespace == Namespace.sasl2: return negotiateSASL2(element)
        case .authenticated:
            return receiveBeforeBind(element)
        case .bound(let jid):
            return receiveStanza(element, from: jid)
        case .unauthenticated, .authenticating, .awaitingRestart, .resuming, .binding, .enabling:
            guard isStanza(element) else { return fail(.unsupportedStanzaType, element.name) }
            return fail(.notAuthorized, "Authenticate and bind a resource first.")
        }
    }

    private func isStanza(_ element: Element) -> Bool {
        element.namespace == Namespace.client && Stanza.Kind(rawValue: element.name) != nil
    }

    /// RFC 6120 §8.1.2.1: every stanza leaves with the sender's own full address.
    private mutating func receiveStanza(_ element: Element, from jid: JID) -> [Action] {
        do throws(Stanza.Refusal) {
            var stanza = try Stanza(element)
            guard stanza.from == nil || stanza.from == jid || stanza.from == jid.bare else {
                return fail(.invalidFrom, "This stream belongs to \(jid).")
            }
            stanza.from = jid
            return [.route(stanza)]
        } catch {
            switch error {
            case .notAStanza:
                return fail(.unsupportedStanzaType, "<\(element.name)/> in \(element.namespace) is no stanza.")
            case .invalid(var stanza, let error):
                stanza.from = jid
                stanza.to = stanza.to ?? domain
                return [.refuse(stanza.error(error))]
            }
        }
    }

    mutating func fail(_ condition: StreamError.Condition, _ text: String? = nil) -> [Action] {
        state = .closed
        return [.fail(StreamError(condition, text))]
    }

    // MARK: - SASL (RFC 6120 §6)

    private mutating func negotiateSASL(_ element: Element) -> [Action] {
        switch element.name {
        case "auth":
            guard element["mechanism"] == "ANONYMOUS" else {
                return refuse(SASLFailure(.invalidMechanism, "ANONYMOUS is the mechanism of this server."))
            }
            guard let trace = initialResponse(element.text) else { return refuse(SASLFailure(.incorrectEncoding)) }
            inline = nil
            state = .authenticating
            return [.authenticate(.anonymous(trace: trace))]
        case "abort": return refuse(SASLFailure(.aborted))
        default: return refuse(SASLFailure(.malformedRequest, "Nothing was asked that this could answer."))
        }
    }

    /// RFC 6120 §6.4.2: base 64; `=` stands for an empty response.
    func initialResponse(_ text: String) -> String? {
        guard !text.isEmpty, text != "=" else { return "" }
        return Base64.decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    private mutating func refuse(_ failure: SASLFailure) -> [Action] { refuse(failure.element(Namespace.sasl)) }

    /// Refuses an attempt, and the stream when there were too many.
    mutating func refuse(_ answer: Element) -> [Action] {
        attempts += 1
        guard attempts < Self.maximumAttempts else {
            return [.send(answer)] + fail(.policyViolation, "Too many attempts.")
        }
        return [.send(answer)]
    }

    /// The answer to `.authenticate`: the client is this bare address now.
    /// - Parameter extensions: what SASL2's `<success/>` says besides; the classic one has no place for it.
    package mutating func authenticated(as identity: JID, extensions: [Element] = []) -> [Action] {
        guard state == .authenticating else { return [] }
        self.identity = identity.bare
        guard inline == nil else { return negotiateInline(extensions) }
        state = .awaitingRestart
        return [.send(Element("success", Namespace.sasl))]
    }

    /// The other answer to `.authenticate`.
    package mutating func authenticationFailed(_ failure: SASLFailure) -> [Action] {
        guard state == .authenticating else { return [] }
        state = .unauthenticated
        defer { inline = nil }
        return refuse(failure.element(inline == nil ? Namespace.sasl : Namespace.sasl2))
    }

    // MARK: - Resource binding (RFC 6120 §7)

    private mutating func receiveBeforeBind(_ element: Element) -> [Action] {
        guard isStanza(element) else { return fail(.unsupportedStanzaType, element.name) }
        guard let iq = try? Stanza(element), iq.kind == .iq, iq.type == "set", let id = iq.id,
            let bind = iq.child("bind", Namespace.bind)
        else { return fail(.notAuthorized, "Bind a resource first.") }
        state = .binding(id: id)
        return [.bind(resource: bind.child("resource", Namespace.bind)?.text)]
    }

    /// The answer to `.bind`.
    package mutating func bound(to jid: JID) -> [Action] {
        guard case .binding(let id) = state else { return [] }
        guard let id else { return boundInline(to: jid) }
        state = .bound(jid)
        let bind = Element("bind", Namespace.bind, [Element("jid", Namespace.bind, text: jid.description)])
        return [.send(Stanza(.iq, type: "result", id: id, [bind]).element)]
    }

    /// The other answer to `.bind`; the client may try again.
    package mutating func bindFailed(_ error: StanzaError) -> [Action] {
        guard case .binding(let id) = state else { return [] }
        guard let id else { return bindFailedInline(error) }
        state = .authenticated
        return [.send(Stanza(.iq, type: "error", id: id, [error.element()]).element)]
    }
}
