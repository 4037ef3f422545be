import WebWire
import XMPP

/// The server's side of a client's XML stream (RFC 6120), whatever carries it: features, SASL, resource binding, and
/// the check that nobody speaks in another's name.
///
/// A pure state machine: elements in, actions out. Who may log in and which address is given are the caller's to say:
/// it answers `.authenticate` with `authenticated(as:)` or `authenticationFailed(_:)`, and `.bind` with `bound(to:)` or
/// `bindFailed(_:)`, before it hands in anything else.
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
        /// Send the error and end the stream.
        case fail(StreamError)
        /// The client ended the stream: answer in kind.
        case close
    }

    package enum Credentials: Hashable, Sendable {
        /// SASL ANONYMOUS (RFC 4505) with its trace string, which may be empty.
        case anonymous(trace: String)
    }

    private enum State: Hashable, Sendable {
        case awaitingHeader
        case unauthenticated
        case authenticating
        case awaitingRestart
        case authenticated
        case binding(id: String)
        case bound(JID)
        case closed
    }

    /// Attempts at authentication; past it `policy-violation`, as RFC 6120 §6.4.5 wants a limit between 2 and 5.
    private static let maximumAttempts = 5

    package let domain: JID
    private var state = State.awaitingHeader
    private var attempts = 0
    /// The bare address, once authenticated.
    private var identity: JID?

    /// - Parameter domain: the only host that this stream may be opened to.
    package init(domain: JID) {
        self.domain = domain
    }

    private var isAuthenticated: Bool { identity != nil }

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

    private var features: Element {
        let offered: Element
        if isAuthenticated {
            offered = Element("bind", Namespace.bind)
        } else {
            let mechanism = Element("mechanism", Namespace.sasl, text: "ANONYMOUS")
            offered = Element("mechanisms", Namespace.sasl, [mechanism])
        }
        return Element("features", Namespace.streams, [offered])
    }

    // MARK: - Elements

    /// A first-level element came.
    package mutating func received(_ element: Element) -> [Action] {
        switch state {
        case .closed: return []
        case .awaitingHeader:
            return [.open(id: RandomID.stream())] + fail(.notAuthorized, "A stream begins with its header.")
        case .unauthenticated where element.namespace == Namespace.sasl:
            return negotiateSASL(element)
        case .authenticated:
            return receiveBeforeBind(element)
        case .bound(let jid):
            return receiveStanza(element, from: jid)
        case .unauthenticated, .authenticating, .awaitingRestart, .binding:
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
                return stanza.error(error).map { [.send($0.element)] } ?? []
            }
        }
    }

    private mutating func fail(_ condition: StreamError.Condition, _ text: String? = nil) -> [Action] {
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
            state = .authenticating
            return [.authenticate(.anonymous(trace: trace))]
        case "abort": return refuse(SASLFailure(.aborted))
        default: return refuse(SASLFailure(.malformedRequest, "Nothing was asked that this could answer."))
        }
    }

    /// RFC 6120 §6.4.2: base 64; `=` stands for an empty response.
    private func initialResponse(_ text: String) -> String? {
        guard !text.isEmpty, text != "=" else { return "" }
        return Base64.decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    private mutating func refuse(_ failure: SASLFailure) -> [Action] {
        state = .unauthenticated
        attempts += 1
        let answer = Action.send(failure.element)
        guard attempts < Self.maximumAttempts else {
            return [answer] + fail(.policyViolation, "Too many attempts to authenticate.")
        }
        return [answer]
    }

    /// The answer to `.authenticate`: the client is this bare address now.
    package mutating func authenticated(as identity: JID) -> [Action] {
        guard state == .authenticating else { return [] }
        self.identity = identity.bare
        state = .awaitingRestart
        return [.send(Element("success", Namespace.sasl))]
    }

    /// The other answer to `.authenticate`.
    package mutating func authenticationFailed(_ failure: SASLFailure) -> [Action] {
        guard state == .authenticating else { return [] }
        return refuse(failure)
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
        state = .bound(jid)
        let bind = Element("bind", Namespace.bind, [Element("jid", Namespace.bind, text: jid.description)])
        return [.send(Stanza(.iq, type: "result", id: id, [bind]).element)]
    }

    /// The other answer to `.bind`; the client may try again.
    package mutating func bindFailed(_ error: StanzaError) -> [Action] {
        guard case .binding(let id) = state else { return [] }
        state = .authenticated
        return [.send(Stanza(.iq, type: "error", id: id, [error.element()]).element)]
    }
}
